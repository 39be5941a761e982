import CrystalFiles
import Crystallography
import Foundation
import Parameterization
import Publishing
import Recovery

/// The page and the tables of a recovery: what `wyckoff recover` leaves beside `recovered.cif`.
package struct RecoveryReport: Sendable {
    package var summary: RecoverySummary
    package var fit: FitPlot
    /// Drawn where it is given.
    package var structure: ReducedStructure?
    /// The file of the structure, to which the page leads.
    package var structureFile = "recovered.cif"
    /// Of further patterns.
    package var furtherFits: [FitPlot] = []
    /// The command as it was given; shown at the foot.
    package var command: String

    package init(_ summary: RecoverySummary, fit: FitPlot, command: String) {
        self.summary = summary
        self.fit = fit
        self.command = command
    }

    /// Writes fit.tsv, fit-reflections.tsv, fit.gnuplot, fit.svg, fit.png, parameters.tsv and report.html; of further
    /// patterns fit-2.tsv and so on.
    ///
    /// Where gnuplot is missing or fails the page has no picture and says so.
    /// - Returns: why pictures are missing.
    @discardableResult
    package func write(to folder: URL) throws -> [String] {
        try AtomicFile.write(parameterTable.tabSeparated, to: folder.appendingPathComponent("parameters.tsv"))
        let pictures = try ([fit] + furtherFits).enumerated().map { index, plot in
            try plot.write(to: folder, name: index == 0 ? "fit" : "fit-\(index + 1)").picture
        }
        let page = page(pictures)
        try page.write(to: folder.appendingPathComponent("report.html"))
        return page.troubles
    }

    /// Name, value with its uncertainty in two columns, unit.
    package var parameterTable: TextTable {
        TextTable(
            columns: [
                .init("name"), .init("value", alignment: .number), .init("uncertainty", alignment: .number),
                .init("unit"),
            ],
            rows: summary.parameters.map { row in
                [row.name, "\(row.value)", row.uncertainty.map { "\($0)" } ?? "", row.unit]
            })
    }

    /// The page; pictures of the fit and of those of further patterns.
    package func page(_ pictures: [Picture]) -> HTMLPage {
        let group = summary.spaceGroup
        var page = HTMLPage(
            title: "Recovery of \(formula)",
            subtitle:
                "\(group.symbol) (No. \(group.number)), from \(Self.lastPart(summary.pattern)) and \(Self.lastPart(summary.start))",
            footer: "wyckoff \(summary.version) · seed \(summary.seed) · \(command)")
        page.section("Result")
        let proof = summary.proof
        page.verdict(
            proof.isProven ? "Recovered and proven" : "Not proven", passed: proof.isProven,
            checks: proof.clauses.map { HTMLPage.Check($0) })
        page.keyNumbers([
            .init("Rwp", Self.percent(summary.rwp), unit: "%", note: "background included"),
            .init("Rexp", Self.percent(summary.rexp), unit: "%", note: "from counting noise"),
            .init("GoF", Self.decimal(summary.gof, 2), note: "Rwp / Rexp"),
            .init("R Bragg", Self.percent(summary.rBragg), unit: "%", note: "on intensities"),
            .init("Rwp, background subtracted", Self.percent(summary.rwpBackgroundSubtracted), unit: "%"),
            .init(
                "Rwp, free intensities", Self.percent(summary.rwpPawley), unit: "%",
                note: "background subtracted, no atoms"),
        ])
        for warning in summary.warnings { page.paragraph("Note: \(warning)") }

        page.section("Fit")
        if summary.patterns.count > 1 { page.table(patternTable) }
        for (index, (plot, picture)) in zip([fit] + furtherFits, pictures).enumerated() {
            page.figure(plot, picture, caption: caption(index))
        }

        if let structure { show(structure, on: &page) }
        page.section("Cell")
        page.table(cellTable)
        if let phases = summary.phases, !phases.isEmpty {
            page.section("Phases")
            page.table(phaseTable(phases))
        }
        page.section("Atoms")
        page.table(siteTable)
        page.section("Parameters")
        page.table(readableParameters, stacks: summary.parameters.count > 12 ? 3 : 1)
        if let starts = summary.starts, !starts.isEmpty {
            page.section("Starts")
            page.table(startTable(starts))
        }
        if !summary.alternatives.isEmpty {
            page.section("Alternatives")
            page.table(
                TextTable(
                    columns: [
                        .init("space group"), .init("Rwp", unit: "%", alignment: .number), .init("why not"),
                    ],
                    rows: summary.alternatives.map {
                        [$0.spaceGroup.symbol, Self.percent($0.rwp), $0.reason]
                    }))
        }
        page.section("Files")
        page.files(writtenFiles)
        page.section("Run")
        page.paragraph(
            (summary.seconds.isFinite ? "\(Self.decimal(summary.seconds, 1)) s. " : "")
                + "The same command with the same seed gives the same result."
        )
        page.preformatted(command)
        return page
    }

    /// The drawing, and what its lengths are.
    private func show(_ structure: ReducedStructure, on page: inout HTMLPage) {
        let geometry = StructureGeometry(structure)
        page.section("Structure")
        page.drawing(
            CrystalDrawing(structure, geometry).drawing(
                name: "Structure of \(formula), \(summary.spaceGroup.compactSymbol)"))
        if !geometry.bonds.isEmpty { page.details("Bonds and angles", geometry.table) }
    }

    private var writtenFiles: [(name: String, what: String)] {
        let fits = (0..<(1 + furtherFits.count)).map { index in
            (
                name: index == 0 ? "fit.tsv" : "fit-\(index + 1).tsv",
                what: "2θ, observed, calculated, difference, background"
            )
        }
        return [(structureFile, "the structure"), ("summary.json", "every number of this page")]
            + [("parameters.tsv", "parameters in full")] + fits
    }

    private func phaseTable(_ phases: [RecoverySummary.PhaseRow]) -> TextTable {
        TextTable(
            columns: [
                .init("phase"), .init("space group"), .init("weight", unit: "%", alignment: .number),
                .init("a", unit: "Å", alignment: .number), .init("b", unit: "Å", alignment: .number),
                .init("c", unit: "Å", alignment: .number),
            ],
            rows: phases.map { row in
                [Self.lastPart(row.file), row.spaceGroup.symbol, row.percent]
                    + row.cell.prefix(3).map { Self.decimal($0, 5) }
            }, note: "Of the phases that are modelled: scale · Z · M · V.")
    }

    private func startTable(_ starts: [RecoverySummary.StartRow]) -> TextTable {
        TextTable(
            columns: [
                .init("start"), .init("space group"), .init("Rwp", unit: "%", alignment: .number),
                .init("verdict"),
            ],
            rows: starts.map { row in
                [
                    Self.lastPart(row.file) + (row.file == summary.start ? " (taken)" : ""),
                    row.spaceGroup?.symbol ?? "", row.rwp.map { Self.percent($0) } ?? "",
                    row.proven ? "proven" : "not proven: \(row.remark)",
                ]
            })
    }

    private func caption(_ index: Int) -> String {
        let row = summary.patterns.indices.contains(index) ? summary.patterns[index] : nil
        let range = (row?.range ?? summary.range).map { Self.decimal($0, 2) }.joined(separator: "–")
        let left = (row?.excluded ?? summary.excluded).map {
            $0.map { Self.decimal($0, 2) }.joined(separator: "–")
        }.joined(separator: ", ")
        let excluded = left.isEmpty ? "" : " Excluded: \(left)°."
        let file = summary.patterns.count > 1 ? "\(Self.lastPart(row?.file ?? "")): " : ""
        return
            "\(file)Observed (points), calculated (line), reflections and difference; \(row?.points ?? summary.points) points, 2θ \(range)°.\(excluded)"
    }

    private var patternTable: TextTable {
        TextTable(
            columns: [
                .init("pattern"), .init("radiation"), .init("wavelength", unit: "Å", alignment: .number),
                .init("Rwp", unit: "%", alignment: .number), .init("Rexp", unit: "%", alignment: .number),
                .init("GoF", alignment: .number), .init("R Bragg", unit: "%", alignment: .number),
                .init("points", alignment: .number),
            ],
            rows: summary.patterns.map { row in
                [
                    Self.lastPart(row.file), row.radiation,
                    Self.text(Self.rounded(row.wavelength, 6), row.wavelengthUncertainty),
                    Self.percent(row.rwp), Self.percent(row.rexp), Self.decimal(row.gof, 2),
                    Self.percent(row.rBragg), "\(row.points)",
                ]
            }
                + [
                    [
                        "together", "", "", Self.percent(summary.rwp), Self.percent(summary.rexp),
                        Self.decimal(summary.gof, 2), "", "\(summary.points)",
                    ]
                ], note: "Every point weighs as its counting statistics say.")
    }

    private var uncertainties: [String: Double] {
        Dictionary(
            summary.parameters.compactMap { row in row.uncertainty.map { (row.name, $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    private var cellTable: TextTable {
        let (cell, u) = (summary.cell, uncertainties)
        let lengths = [("a", cell.a), ("b", cell.b), ("c", cell.c)]
        let angles = [("alpha", cell.alpha), ("beta", cell.beta), ("gamma", cell.gamma)]
        // A length or angle that equals a free one shares its uncertainty.
        func text(_ group: [(String, Double)], _ k: Int, places: Int) -> String {
            let value = group[k].1
            let shared = u[group[k].0] ?? group.lazy.filter { $0.1 == value }.compactMap { u[$0.0] }.first
            // What is fixed at 90° or 120° has none.
            let isFixed = group[k].0.count > 1 && (value == 90 || value == 120)
            return Self.text(Self.rounded(value, places), isFixed ? nil : shared)
        }
        return TextTable(
            columns: ["a", "b", "c"].map { .init($0, unit: "Å", alignment: .number) }
                + ["α", "β", "γ"].map { .init($0, unit: "°", alignment: .number) }
                + [.init("V", unit: "Å³", alignment: .number)],
            rows: [
                (0..<3).map { text(lengths, $0, places: 6) } + (0..<3).map { text(angles, $0, places: 5) }
                    + [Self.decimal(summary.volume, 3)]
            ])
    }

    private var siteTable: TextTable {
        let u = uncertainties
        let hasReference = summary.sites.contains { $0.displacement != nil }
        var columns: [TextTable.Column] = [
            .init("site"), .init("element"), .init("position"), .init("x", alignment: .number),
            .init("y", alignment: .number), .init("z", alignment: .number),
        ]
        if hasReference { columns.append(.init("from reference", unit: "Å", alignment: .number)) }
        let rows = summary.sites.map { site in
            let coordinates = [("x", site.x), ("y", site.y), ("z", site.z)].map { name, value in
                Self.text(Self.rounded(value, 5), u["\(site.label).\(name)"])
            }
            var row = [site.label, site.element, "\(site.multiplicity)\(site.letter)"] + coordinates
            if hasReference { row.append(site.displacement.map { Self.decimal($0, 3) } ?? "") }
            return row
        }
        return TextTable(
            columns: columns, rows: rows,
            note:
                "Standard uncertainties in units of the last place; coordinates without one are fixed by symmetry or by another."
        )
    }

    private var readableParameters: TextTable {
        TextTable(
            columns: [.init("parameter"), .init("value", alignment: .number), .init("unit")],
            rows: summary.parameters.map { row in
                let value = row.uncertainty == nil ? Self.significant(row.value) : row.value
                return [row.name, Self.text(value, row.uncertainty), row.unit]
            }, note: "All digits stand in parameters.tsv and summary.json.")
    }

    /// Elements with their number of atoms in the cell, divided by the common factor.
    private var formula: String {
        Formula(summary.sites.map { Formula.Part($0.element, Double($0.multiplicity)) }).reduced.conventional
    }

    /// `8.4802(2)`, or the shortest text of the number where it has no uncertainty.
    private static func text(_ value: Double, _ uncertainty: Double?) -> String {
        let text = MeasuredValue(value, uncertainty: uncertainty).text
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func lastPart(_ path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }

    private static func percent(_ fraction: Double, _ places: Int = 2) -> String {
        decimal(100 * fraction, places)
    }

    private static func decimal(_ value: Double, _ places: Int) -> String {
        value.isFinite ? String(format: "%.\(places)f", value) : "–"
    }

    private static func rounded(_ value: Double, _ places: Int) -> Double {
        let power = pow(10, Double(places))
        return (value * power).rounded() / power
    }

    private static func significant(_ value: Double) -> Double {
        Double(String(format: "%.6g", value)) ?? value
    }
}
