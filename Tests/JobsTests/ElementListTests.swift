import Crystallography
import Design
import Foundation
import Jobs
import Testing

@Suite("ElementList")
struct ElementListTests {
    private static func symbols(_ text: String) throws -> [String] {
        try ElementList(text).elements.map(\.symbol).sorted()
    }

    @Test("symbols are taken, a minus takes away, a minus alone takes away from all")
    func grammar() throws {
        #expect(try Self.symbols("Ba, Sr,Ti") == ["Ba", "Sr", "Ti"])
        #expect(try Self.symbols("Ba,Sr,-Sr") == ["Ba"])
        let all = try Self.symbols("*")
        #expect(try Self.symbols("-Pb") == all.filter { $0 != "Pb" })
        #expect(try Self.symbols("*,-Pb,-Cd") == all.filter { $0 != "Pb" && $0 != "Cd" })
    }

    @Test("metals without an oxidation state are named where charges are not asked for")
    func metals() throws {
        #expect(throws: DesignError.unknownElement("Au")) { try ElementList("Cu,Au") }
        let found = try ElementList("Cu,Au", among: ChargePattern.unchargedElements).elements
        #expect(found.map(\.symbol).sorted() == ["Au", "Cu"])
    }

    @Test("a file's symbols are parted by anything, and # begins a comment")
    func file() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).txt")
        try "Ba Sr # alkaline earths\nTi,O\n".write(to: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: path) }
        #expect(try Self.symbols("@\(path.path),-O") == ["Ba", "Sr", "Ti"])
    }

    @Test("what names nothing, no element or no file is refused")
    func refused() {
        #expect(throws: DesignError.unknownElement("Xx")) { try ElementList("Ba,Xx") }
        #expect(throws: ElementListError.empty) { try ElementList("O,-O") }
        #expect(throws: ElementListError.empty) { try ElementList("") }
        #expect(throws: ElementListError.unreadable(file: "/nowhere")) { try ElementList("@/nowhere") }
    }

    @Test("what a laboratory will not touch has a name")
    func named() throws {
        let all = try ElementList("*").elements
        let kept = try ElementList("-toxic,-radioactive").elements
        #expect(kept.isSubset(of: all) && all.subtracting(kept).map(\.symbol).contains("Hg"))
        let toxic = try Self.symbols("toxic")
        #expect(["Be", "Cd", "Hg", "Pb", "Th", "Tl"].allSatisfy(toxic.contains))
    }
}
