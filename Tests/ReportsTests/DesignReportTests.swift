import CrystalFiles
import Crystallography
import Design
import Foundation
import Jobs
import Reports
import Testing

@Suite("the folder of a design") struct DesignReportTests {
    /// Rocksalts near the sites of the template: a problem that needs no learned model.
    private static func outcome(_ settings: DesignSettings = DesignSettings()) async throws
        -> DesignJob.Outcome
    {
        var options = DesignProblem.Options()
        options.targets = [
            try PropertyTarget("<0.5", property: TemplateDisplacement.name, option: "--displacement")
        ]
        options.elements = Set(["Li", "Na", "F", "Cl"].compactMap { Element(symbol: $0) })
        options.settings = settings
        var job = DesignJob(
            try DesignEvaluator(DesignProblem(DesignTemplate(named: "rocksalt"), options)))
        (job.candidates, job.budget, job.jobs) = (3, 200, 1)
        return try await job.run { _ in }
    }

    @Test("a row and, of a success, a CIF of each candidate that reads back as what was proposed")
    func folder() async throws {
        let outcome = try await Self.outcome()
        let report = DesignReport(outcome, command: "wyckoff design")
        try withFolder { folder in
            _ = try report.write(to: folder)
            let csv = try String(
                contentsOf: folder.appendingPathComponent("candidates.csv"), encoding: .utf8
            ).split(separator: "\n")
            #expect(csv.count == 1 + outcome.result.candidates.count)
            let columns = csv[0].split(separator: ",", omittingEmptySubsequences: false).count
            for line in csv {
                #expect(line.split(separator: ",", omittingEmptySubsequences: false).count == columns)
            }
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            let cifs = files.filter { $0.hasSuffix(".cif") }
            let successes = report.rows.filter(\.candidate.isSuccess)
            #expect(cifs.count == successes.count && !cifs.isEmpty)
            for (name, row) in zip(cifs, successes) {
                let read = try CrystalFile.readFirst(folder.appendingPathComponent(name).path).structure
                #expect(DesignRow.formula(read) == row.formula)
                let volume = row.candidate.structure.lattice.volume
                #expect(abs(read.lattice.volume - volume) < 1e-3 * volume)
            }
            let page = try String(contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
            #expect(page.contains("wyckoff design") && page.contains("What the models are worth"))
        }
    }

    @Test(
        "DesignRow: neutral by its states, primitive by its cell, novel where no known structure has its formula"
    )
    func rows() async throws {
        let outcome = try await Self.outcome()
        for row in DesignReport(outcome, command: "").rows {
            // One formula unit of rocksalt is primitive; the cell has four.
            #expect(row.primitiveAtoms == 2 && row.candidate.structure.atoms.count == 8)
            #expect(row.oxidationStates.split(separator: " ").count == 2)
            #expect(row.isNovel == nil)
            for (known, isNovel) in [(Set([row.formula]), false), (Set(["SiO2"]), true)] {
                let other = DesignRow(
                    rank: 1, candidate: row.candidate, primitiveAtoms: 2, verdict: nil, isUnique: true,
                    known: known)
                #expect(other.isNovel == isNovel)
            }
        }
    }

    @Test("the settings of a search stand in its summary, and decide what it finds")
    func settings() async throws {
        var settings = DesignSettings()
        settings.variants.rounds = 0
        settings.compositions.attempts = 1
        let outcome = try await Self.outcome(settings)
        let summary = DesignReport(outcome, command: "").summary
        #expect(summary.settings == settings)
        let object = try #require(try Samples.object(summary)["settings"] as? [String: Any])
        #expect((object["variants"] as? [String: Any])?["rounds"] as? Int == 0)
    }
}
