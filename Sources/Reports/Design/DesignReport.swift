import CrystalFiles
import Design
import Evaluations
import Foundation
import Jobs
import PropertyModels
import Publishing

/// The folder of a design: ranked CIFs, candidates.csv, plots and the page.
package struct DesignReport {
    package let evaluator: DesignEvaluator
    package let result: DesignResult
    package let rows: [DesignRow]
    package let summary: DesignSummary
    package let command: String
    /// How often the models are right where they say what is asked; nil where no gap is.
    private let precision: MeasuredPrecision?

    private var problem: DesignProblem { evaluator.problem }

    package init(_ outcome: DesignJob.Outcome, command: String) {
        (evaluator, result, self.command) = (outcome.evaluator, outcome.result, command)
        rows = outcome.result.candidates.indices.map { index in
            DesignRow(
                rank: index + 1, candidate: outcome.result.candidates[index],
                primitiveAtoms: outcome.primitiveAtoms[index], verdict: outcome.verdicts[index],
                relaxed: outcome.relaxed[index],
                isLogarithm: outcome.evaluator.predictors.map { $0.unit.hasPrefix("log10") },
                isUnique: outcome.isUnique[index], known: outcome.knownFormulas,
                isOnFront: outcome.front?.contains(index),
                insight: outcome.insights.indices.contains(index) ? outcome.insights[index] : nil,
                stableWithin: outcome.stableWithin)
        }
        precision = outcome.precision
        summary = DesignSummary(
            outcome.result, rows: rows, asked: outcome.asked,
            atoms: outcome.evaluator.problem.template.atomCount,
            seconds: outcome.seconds, relaxed: outcome.wasRelaxed,
            asksCharges: outcome.evaluator.problem.asksCharges,
            settings: outcome.evaluator.problem.settings,
            references: outcome.insights.contains { $0 != nil } || outcome.precision != nil
                ? .init(
                    stableWithin: outcome.stableWithin, precision: outcome.precision,
                    unjudged: outcome.unjudged, aboveHull: outcome.aboveHull) : nil)
    }

    /// - Returns: why plots are missing.
    package func write(to folder: URL) throws -> [String] {
        func file(_ name: String) -> URL { folder.appendingPathComponent(name) }
        let table = [DesignRow.header(evaluator.modelNames)] + rows.map(\.csv)
        try AtomicFile.write(table.joined(separator: "\n") + "\n", to: file("candidates.csv"))
        try AtomicFile.write(try JSONDialect.line(summary) + "\n", to: file("summary.json"))
        try writeStructures(to: folder)
        let page = try page(folder)
        try page.write(to: file("report.html"))
        return page.troubles
    }

    /// A CIF and a POSCAR of every success, and all of them in one file.
    private func writeStructures(to folder: URL) throws {
        func file(_ name: String) -> URL { folder.appendingPathComponent(name) }
        let digits = max(3, String(rows.count).count)
        for row in rows where row.candidate.isSuccess {
            let rank = String(repeating: "0", count: digits - String(row.rank).count) + String(row.rank)
            let name = "\(rank)-\(row.conventionalFormula.prefix(60))"
            try AtomicFile.write(cif(row), to: file("\(name).cif"))
            let record = CrystalRecord(row.structure.expanded())
            try AtomicFile.write(
                CrystalFile.serialise([record], format: .poscar, name: "\(name).vasp"),
                to: file("\(name).vasp"))
            if let lower = row.insight?.lower {
                var cif = SymmetricCIF(lower.structure, name: row.conventionalFormula)
                cif.comments = ["designed, not observed; along a soft mode out of the template's symmetry"]
                try AtomicFile.write(CIFFile.serialise(cif), to: file("\(name)-lower.cif"))
            }
        }
        let successes = rows.filter(\.candidate.isSuccess).map { CrystalRecord($0.structure.expanded()) }
        if !successes.isEmpty {
            try AtomicFile.write(
                CrystalFile.serialise(successes, format: .extendedXYZ, name: "candidates.xyz"),
                to: file("candidates.xyz"))
        }
    }

    /// - Parameter folder: where its pictures are written.
    private func page(_ folder: URL) throws -> HTMLPage {
        var page = HTMLPage(
            title: "Design: \(problem.template.name)",
            subtitle: (problem.targets + [problem.magneticMoment].compactMap(\.self)).map(\.text)
                .joined(separator: ", "),
            footer: command)
        page.verdict(
            "\(rows.filter(\.candidate.isSuccess).count) of \(summary.candidates) candidates meet every target"
                + (summary.successRelaxed.map {
                    " as proposed, \(Int(($0 * Double(summary.candidates)).rounded())) where their energy is least"
                } ?? ""),
            passed: summary.passed)
        page.keyNumbers([
            .init("success", Self.percent(summary.success)),
            .init("distinct compositions", Self.percent(summary.unique)),
            .init("neutral, proven", Self.percent(summary.neutral)),
            .init("predictor calls", "\(summary.calls)"),
            .init(
                "CHGNet agrees", summary.judgeAgrees.map(Self.percent) ?? "–",
                note: "formation energy < "
                    + String(format: "%g eV/atom", summary.settings.judge.formationEnergy)),
        ])
        page.section("Candidates")
        page.table(CandidateTable(rows: rows, evaluator: evaluator).table)
        page.section("Search")
        page.drawing(
            drawnConvergence, try convergence(folder),
            caption: "Distinct compositions that succeeded, by predictor calls.")
        if problem.targets.count > 1 {
            page.drawing(
                drawnFront, try front(folder),
                caption: "Candidates by two of their targets: successes filled, the rest open.")
        }
        page.section("What the models are worth")
        page.table(models)
        if let precision {
            page.paragraph(precision.sentence.prefix(1).uppercased() + precision.sentence.dropFirst() + ".")
        }
        page.paragraph(
            "A success is a success of these models, found by searching for it: some exploit the models' errors. "
                + "The judge's column is a second opinion that no search saw, not a proof.")
        return page
    }

    package static func text(_ summary: DesignSummary) -> String {
        let found = summary.returned < summary.candidates ? " (\(summary.returned) found)" : ""
        var lines = [
            "\(summary.method): \(percent(summary.success)) of \(summary.candidates) candidates succeed\(found), "
                + "\(percent(summary.unique)) with a composition of their own",
            "  A properties \(percent(summary.properties)), B formation energy \(percent(summary.stable)), "
                + "C tolerance \(percent(summary.tolerance)), D neutral \(percent(summary.neutral)), "
                + "E template \(percent(summary.template))",
            "  \(summary.feasibleCompositions) compositions succeeded; \(summary.calls) predictor calls in "
                + String(
                    format: "%.1f s, %.0f a second", summary.seconds,
                    Double(summary.calls) / max(1e-9, summary.seconds)),
        ]
        if summary.onFloor > 0 {
            lines.append(
                "  \(percent(summary.onFloor)) stand on a model's floor, the value that it gives when it knows nothing"
            )
        }
        if let relaxed = summary.successRelaxed {
            lines.append(
                "  at the geometry of their least energy \(percent(relaxed)) of the candidates meet A to E")
        }
        if let orders = summary.successInEveryOrder, let stable = summary.successStable,
            let within = summary.stableWithin
        {
            lines.append(
                "  in every order of tied neighbours \(percent(orders)), of them within "
                    + String(format: "%g", within)
                    + " eV/atom of the hull of known crystals \(percent(stable))")
        }
        if summary.aboveHull > 0, let within = summary.stableWithin {
            lines.append(
                "  \(summary.aboveHull) more meet A to E there and lie more than "
                    + String(format: "%g", within) + " eV/atom above the hull: left out (--stable-within)")
        }
        if let saddles = summary.saddles, let lower = summary.successLower {
            lines.append(
                "  \(percent(saddles)) of the candidates are saddles outside of their symmetry, \(percent(summary.flat ?? 0)) "
                    + "flat within CHGNet's noise; along the mode, and where there is none, "
                    + "\(percent(lower)) meet every target")
        }
        if let precision = summary.precision {
            lines.append(
                "  "
                    + MeasuredPrecision(
                        called: precision.called, right: precision.right, metals: precision.metals
                    ).sentence)
        }
        if !summary.unjudged.isEmpty {
            lines.append(
                "  not judged: CHGNet's table has no energy of the element \(summary.unjudged.joined(separator: ", "))"
            )
        }
        if let agrees = summary.judgeAgrees {
            let limit = String(format: "%g", summary.settings.judge.formationEnergy)
            lines.append(
                "  CHGNet: \(percent(agrees)) of the successes have a formation energy below \(limit) eV/atom as proposed"
                    + (summary.judgeStable.map { ", \(percent($0)) hold after relaxation" } ?? ""))
        }
        return lines.joined(separator: "\n")
    }

    private static func percent(_ share: Double) -> String {
        share.isFinite ? String(format: "%.1f %%", 100 * share) : "not asked"
    }

    private func cif(_ row: DesignRow) -> String {
        var cif = SymmetricCIF(row.candidate.structure, name: row.conventionalFormula)
        cif.comments = [
            "designed, not observed; predicted: "
                + zip(evaluator.modelNames, row.values(of: row.candidate)).map {
                    String(format: "\($0) %.4g", $1)
                }
                .joined(separator: ", ")
        ]
        return CIFFile.serialise(cif)
    }

    private var models: TextTable {
        TextTable(
            columns: [
                .init("model"), .init("trained on"), .init("structures", alignment: .number),
                .init("validation error", alignment: .number),
            ],
            rows: evaluator.predictors.map { predictor in
                let error = predictor.validationError.map {
                    String(format: "\(predictor.errorKind) %.3f \(predictor.unit)", $0)
                }
                return [
                    predictor.name,
                    predictor.domain.training + (predictor.domain.nonMetalsOnly ? ", non-metals only" : ""),
                    predictor.domain.trainingCount.map(String.init) ?? "–", error ?? "unknown",
                ]
            })
    }

    private func draw(_ name: String, _ script: String, _ folder: URL) throws -> Picture {
        let file = folder.appendingPathComponent("\(name).gnuplot")
        let picture = folder.appendingPathComponent("\(name).svg")
        try AtomicFile.write(script, to: file)
        return try Picture.drawn {
            try Gnuplot.draw(
                script: file, terminal: "svg size 900,420 font 'Helvetica,13'", to: picture)
            return try String(contentsOf: picture, encoding: .utf8)
        }
    }

    private func convergence(_ folder: URL) throws -> Picture {
        let lines = result.progress.map { "\($0.calls)\t\($0.compositions)" }
        try AtomicFile.write(
            "# calls\tcompositions\n" + lines.joined(separator: "\n") + "\n",
            to: folder.appendingPathComponent("convergence.tsv"))
        return try draw(
            "convergence",
            """
            set border 3
            set tics nomirror
            set grid ytics linecolor '#e0e0e0'
            set xlabel 'Predictor calls'
            set ylabel 'Compositions'
            set yrange [0:*]
            plot 'convergence.tsv' using 1:2 with linespoints pointtype 7 pointsize 0.4 linecolor '#0072B2' notitle
            """, folder)
    }

    /// The two targets that the plot of candidates shows: those of the front, or the first two.
    var shown: (Int, Int) {
        let extremes = problem.extremes
        return extremes.count > 1 ? (extremes[0], extremes[1]) : (0, 1)
    }

    /// Name and unit of what a model predicts.
    func quantity(_ k: Int) -> String {
        let unit = evaluator.predictors[k].unit
        return evaluator.modelNames[k] + (unit.isEmpty ? "" : " (\(unit))")
    }

    private func front(_ folder: URL) throws -> Picture {
        let (first, second) = shown
        let blocks = [true, false].map { success in
            let points = rows.filter { $0.candidate.isSuccess == success }.map {
                "\($0.candidate.values[first])\t\($0.candidate.values[second])"
            }
            return "# success \(success)\n" + (points.isEmpty ? ["NaN\tNaN"] : points).joined(separator: "\n")
        }
        let edge = rows.filter { $0.isOnFront == true }.map { $0.candidate.values }
            .sorted { $0[first] < $1[first] }.map { "\($0[first])\t\($0[second])" }
        let line =
            edge.isEmpty
            ? ""
            : "'front.tsv' index 2 using 1:2 with lines linewidth 1.5 linecolor '#0072B2' title 'front', "
        try AtomicFile.write(
            (blocks + ["# front\n" + (edge.isEmpty ? ["NaN\tNaN"] : edge).joined(separator: "\n")])
                .joined(separator: "\n\n\n") + "\n", to: folder.appendingPathComponent("front.tsv"))
        func label(_ k: Int) -> String {
            Gnuplot.quoted(quantity(k))
        }
        return try draw(
            "front",
            """
            set border 3
            set tics nomirror
            set xlabel \(label(first))
            set ylabel \(label(second))
            plot \(line)'front.tsv' index 0 using 1:2 with points pointtype 7 pointsize 0.6 linecolor '#0072B2' title 'success', \\
                 'front.tsv' index 1 using 1:2 with points pointtype 6 pointsize 0.6 linecolor '#D55E00' title 'a target missed'
            """, folder)
    }
}
