import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Jobs
import Matching
import Recovery
import Reports
import Testing

@Suite("what recover prints and writes") struct RecoveryTableTests {
    /// PbSO4 from its own structure: a recovery that takes no time.
    private static func outcome() throws -> RecoveryOutcome {
        var pattern = Measurement(
            name: "pbso4-x.dat", try PowderPatternFile.read(Samples.path("patterns/pbso4-x.dat")))
        pattern.illumination = .emission(try Wavelength.radiation(named: "CuKa"))
        pattern.range = 15...80
        let record = try Samples.record("pbso4")
        var job = RecoveryJob([pattern], start: NamedRecord(name: "start.cif", record))
        job.knowledge = try StartKnowledge.takingPositions(of: record, named: "pbso4.cif")
        job.reference = NamedRecord(name: "pbso4.cif", record)
        return try job.run { _ in }
    }

    @Test("RecoveryTable, RecoveredCIF and the folder tell of one structure and one fit")
    func whole() throws {
        let outcome = try Self.outcome()
        let report = RecoveryReport(outcome, version: "0", command: "wyckoff recover")
        let summary = report.summary
        let table = RecoveryTable(outcome, summary, folder: "result")
        let lines = table.text.split(separator: "\n").map(String.init)
        // Columns of numbers end where their heading ends.
        let heading = try #require(lines.firstIndex { $0.contains("parameter") && $0.contains("recovered") })
        let end = try #require(lines[heading].range(of: "recovered")?.upperBound)
        let width = lines[heading].distance(from: lines[heading].startIndex, to: end)
        let names = outcome.structure.parameters.map(\.name)
        for name in names {
            let line = try #require(lines.first { $0.hasPrefix("  \(name) ") }, "\(name)")
            let words = line.split(separator: " ")
            let start = try #require(outcome.comparableStart.parameters.first { $0.name == name })
            #expect(words[1] == String(format: "%.5f", start.value))
            let column = line.index(line.startIndex, offsetBy: width)
            #expect(line[..<column].hasSuffix(words[2]), "\(line)")
        }
        #expect(table.place.contains("result/report.html"))
        #expect(lines.contains { $0.hasPrefix("Rwp \(String(format: "%.2f %%", 100 * summary.rwp))") })

        let cif = CIFFile.serialise(SymmetricCIF(outcome, summary))
        let read = try #require(try CIFFile.parse(cif, name: "recovered.cif").first)
        let match = try #require(StructureMatch.find(read.structure, outcome.structure.expanded()))
        #expect(match.isMatch && match.rmsDisplacement < 1e-3)
        let block = try #require(try CIFDocument(parsing: cif, file: "recovered.cif").blocks.first)
        #expect(block.text("_pd_proc_ls_prof_wR_factor") == String(format: "%.4f", summary.rwp))
        #expect(block.text("_refine_ls_goodness_of_fit_all") == String(format: "%.3f", summary.gof))

        try withFolder { folder in
            _ = try report.write(outcome, to: folder)
            let files = Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
            #expect(files.isSuperset(of: ["recovered.cif", "summary.json", "parameters.tsv", "report.html"]))
            let text = try String(
                contentsOf: folder.appendingPathComponent("recovered.cif"), encoding: .utf8)
            #expect(text == cif)
            let json = try JSONDecoder().decode(
                RecoverySummary.self, from: Data(contentsOf: folder.appendingPathComponent("summary.json")))
            #expect(json.rwp == summary.rwp && json.settings == outcome.settings)
        }
    }
}
