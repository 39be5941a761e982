import CrystalFiles
import Crystallography
import Foundation
import Studies
import Testing

@Suite struct StratifiedDrawTests {
    /// Every beginning holds the piles evenly, until one is empty.
    @Test func pilesTakeTurns() {
        let piles = [[1, 2, 3], [10], [100, 200, 300, 400]]
        #expect(StratifiedDraw.deal(piles, count: 20) == [3, 10, 400, 2, 300, 1, 200, 100])
        for count in 0...8 {
            let all = StratifiedDraw.deal(piles, count: 20)
            #expect(StratifiedDraw.deal(piles, count: count) == Array(all.prefix(count)))
        }
        #expect(StratifiedDraw.deal([[Int]](), count: 3).isEmpty)
    }

    @Test func whatIsRefusedMissesItsTurn() {
        var asked: [Int] = []
        let drawn = StratifiedDraw.deal([[1, 2], [10, 20]], count: 3) { member in
            asked.append(member)
            return member != 2
        }
        #expect(drawn == [20, 1, 10] && asked == [2, 20, 1, 10])
    }

    /// A record that cannot be read is said by its file, and the others are there.
    @Test func whatIsLeftOutIsSaid() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "draw-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let good = "x\n1\n4 0 0\n0 4 0\n0 0 4\nFe\n1\nDirect\n0 0 0\n"
        try good.write(to: folder.appendingPathComponent("a.vasp"), atomically: true, encoding: .utf8)
        try "x\n1\n4 0 0\n0 4 0\n".write(
            to: folder.appendingPathComponent("b.vasp"), atomically: true, encoding: .utf8)
        var skipped: [String] = []
        let names = try StratifiedDraw.read([folder.path], skipped: { skipped.append($0) }) {
            record, element in
            URL(fileURLWithPath: element.file).lastPathComponent
        }
        #expect(names == ["a.vasp"])
        #expect(skipped.count == 1 && skipped.allSatisfy { $0.contains("b.vasp") && $0.contains("left out") })
        // Both ways to draw a sample say it.
        var said: [String] = []
        _ = try LandscapeSample.read([folder.path]) { said.append($0) }
        _ = try StratifiedSelection(seed: 1).select(3, from: [folder.path]) { said.append($0) }
        #expect(said.count == 2 && said[0] == said[1])
    }
}
