import Foundation
import Testing

/// `refine --rigid`, from the command line.
@Suite("rigid groups in refinements", .enabled(if: CommandRun.binary != nil, "build wyckoff first"))
struct RigidCommandTests {
    private struct Summary: Decodable {
        struct Row: Decodable {
            let name: String
            let unit: String
            let uncertainty: Double?
        }
        struct Group: Decodable {
            let name: String
            let count: Int
            let shifts: Int
            let turns: Int
        }
        let parameters: [Row]
        let rigid: [Group]
        let rwp: Double
    }

    private let words = [
        "refine", CommandRun.data("patterns/pbso4-x.dat"), CommandRun.data("structures/pbso4.cif"),
        "--monochromator", "26.6", "--range", "15:120", "--background-terms", "10", "--json", "--quiet",
    ]

    @Test(
        "sulfate of lead sulfate as one body: three parameters for nine, as good a fit, its atoms with uncertainties"
    )
    func sulfate() throws {
        try CommandRun.inFolder { folder in
            let free = try CommandRun(words, in: folder)
            let rigid = try CommandRun(words + ["--rigid", "SO4=S1,O1,O2,O3", "-o", "out"], in: folder)
            #expect(rigid.status == 0, "\(rigid.errors)")
            let loose = try JSONDecoder().decode(Summary.self, from: Data(free.output.utf8))
            let summary = try JSONDecoder().decode(Summary.self, from: Data(rigid.output.utf8))
            #expect(summary.parameters.count == loose.parameters.count - 6)
            let own = summary.parameters.filter { $0.name.hasPrefix("SO4.") }
            #expect(own.map(\.name) == ["SO4.x", "SO4.z", "SO4.ry"] && own.map(\.unit) == ["", "", "°"])
            #expect(own.allSatisfy { ($0.uncertainty ?? 0) > 0 })
            let group = try #require(summary.rigid.first)
            #expect(group.count == 5 && group.shifts == 2 && group.turns == 1)
            #expect((loose.rwp...loose.rwp + 0.01).contains(summary.rwp), "\(summary.rwp) \(loose.rwp)")
            let cif = try String(contentsOf: folder.appending(path: "out/pbso4.cif"), encoding: .utf8)
            #expect(cif.contains(/\nO3 O 8 d 0\.\d+\(\d+\)/), "\(cif)")
            let page = try String(contentsOf: folder.appending(path: "out/report.html"), encoding: .utf8)
            #expect(page.contains(">Rigid groups</h2>"))
        }
    }

    @Test(
        "what makes no group, and a coordinate of a group, is refused before the fit",
        arguments: [
            (["--rigid", "SO4"], "SO4=S1,O1,O2,O3"), (["--rigid", "SO4=S1,O9"], "no phase has all atoms"),
            (["--rigid", "X=S1,Pb1"], "no bond leads"), (["--rigid", "X=S1"], "X is S1 alone"),
            (["--rigid", "SO4=S1,O1", "--free", "lattice/O1.x"], "moves with the rigid group"),
            (["--rigid", "SO4=S1,O1", "--free-intensities"], "--rigid"),
        ])
    func refused(more: [String], reason: String) throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(words + more, in: folder)
            #expect(run.status == 2 && run.errors.contains(reason), "\(run.errors)")
        }
    }
}
