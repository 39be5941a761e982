import CrystalFiles
import Crystallography
import Foundation
import Parameterization
import Publishing
import Refinement

extension RefinementReport {
    /// The page of a refinement, with a picture of the fit of each pattern.
    func page(_ plots: [FitPlot], _ pictures: [Picture]) -> HTMLPage {
        let phases = jointSummary?.phases ?? summary.phases
        var page = HTMLPage(
            title: "Refinement of \(phases.map(\.formula).joined(separator: " + "))",
            subtitle:
                "\(phases.map { "\($0.spaceGroup.symbol) (No. \($0.spaceGroup.number))" }.joined(separator: ", ")), from \(outcome.items.map { Self.lastPart($0.name) }.joined(separator: ", "))",
            footer: "wyckoff \(version) · \(command)")
        result(on: &page)
        page.section("Phases")
        for index in outcome.items.indices {
            if outcome.items.count > 1 { page.paragraph(Self.lastPart(outcome.items[index].name)) }
            let rows = phases.indices.map { k in
                (phase: phases[k], fit: RefinedPhaseFit(outcome, pattern: index, phase: k))
            }
            page.table(RefinedPhaseRow.table(rows))
        }
        if outcome.fractions.first.map({ $0.phases.contains { $0.absorptionContrast != 1 } }) ?? false {
            page.paragraph("Weight fractions are corrected for what particles absorb (Brindley 1945).")
        }
        page.section("Fit")
        for (index, (plot, picture)) in zip(plots, pictures).enumerated() {
            page.figure(plot, picture, caption: caption(index))
        }
        for (k, phase) in phases.enumerated() { structure(phase, k, on: &page) }
        parameters(on: &page)
        page.section("Files")
        page.files(writtenFiles)
        page.section("Run")
        page.preformatted(command)
        return page
    }

    private func result(on page: inout HTMLPage) {
        page.section("Result")
        let isHeld = outcome.verdict.clauses.hold
        page.verdict(
            isHeld ? "Refined" : "Not to be trusted as it is", passed: isHeld,
            checks: outcome.verdict.clauses.map { HTMLPage.Check($0) })
        let statistics = outcome.joint?.statistics ?? outcome.parts[0].statistics
        let isCounting = outcome.items.allSatisfy(\.pattern.weighting.hasExpectedR)
        func percent(_ value: Double) -> String { RefinedPhaseFit.percent(value) }
        page.keyNumbers([
            .init("Rwp", percent(statistics.rwp), unit: "%", note: "background included"),
            .init(
                "Rexp", percent(isCounting ? statistics.rexp : .nan), unit: "%", note: "from counting noise"),
            .init("GoF", isCounting ? String(format: "%.2f", statistics.gof) : "–", note: "Rwp / Rexp"),
            .init("Rwp, background subtracted", percent(statistics.rwpBackgroundSubtracted), unit: "%"),
            .init(
                "Durbin–Watson",
                outcome.joint == nil && summary.durbinWatson.isFinite
                    ? String(format: "%.2f", summary.durbinWatson) : "–",
                note: "2: residuals are independent; less: they run together"),
            .init("parameters", "\(statistics.parameters)", note: "\(statistics.points) points"),
        ])
    }

    private func caption(_ index: Int) -> String {
        let item = outcome.items[index]
        let ends = [item.pattern.twoTheta.first ?? 0, item.pattern.twoTheta.last ?? 0]
        let left = item.excluded.map { String(format: "%.2f–%.2f", $0.lowerBound, $0.upperBound) }
        let excluded = left.isEmpty ? "" : " Excluded: \(left.joined(separator: ", "))°."
        return
            "\(Self.lastPart(item.name)): observed (points), calculated (line), background, reflections and difference; \(outcome.parts[index].statistics.points) points, 2θ \(String(format: "%.2f–%.2f", ends[0], ends[1]))°.\(excluded)"
    }

    // MARK: A phase

    private func structure(_ phase: RefinedPhaseRow, _ index: Int, on page: inout HTMLPage) {
        page.section(phase.name.isEmpty ? "Structure" : "\(phase.formula) (\(phase.name))")
        let structure = outcome.structure(ofPhase: index)
        let prefix = RefinedPhaseRow.prefix(index, of: files.count)
        let geometry = StructureGeometry(
            structure, covariance: outcome.joint?.covariance ?? outcome.parts[0].covariance, prefix: prefix)
        page.drawing(
            CrystalDrawing(structure, geometry).drawing(
                name: "Structure of \(phase.formula), \(phase.spaceGroup.compactSymbol)"))
        let following = outcome.joint == nil ? outcome.parts[0].followingUncertainties : [:]
        var uncertainties: [String: Double] = [:]
        for (name, value) in following where value > 0 && name.hasPrefix(prefix) {
            uncertainties[String(name.dropFirst(prefix.count))] = value
        }
        uncertainties = rows.reduce(into: uncertainties) { result, row in
            guard row.name.hasPrefix(prefix) else { return }
            result[String(row.name.dropFirst(prefix.count))] = row.uncertainty
        }
        let cif = SymmetricCIF(structure, uncertainties: uncertainties)
        page.table(
            TextTable(
                columns: ["a", "b", "c"].map { .init($0, unit: "Å", alignment: .number) }
                    + ["α", "β", "γ"].map { .init($0, unit: "°", alignment: .number) }
                    + [.init("V", unit: "Å³", alignment: .number)],
                rows: [
                    (cif.lengths + cif.angles).map(\.shortText)
                        + [String(format: "%.3f", structure.lattice.volume)]
                ]))
        page.table(
            TextTable(
                columns: [
                    .init("site"), .init("element"), .init("position"), .init("x", alignment: .number),
                    .init("y", alignment: .number), .init("z", alignment: .number),
                    .init("B", unit: "Å²", alignment: .number),
                ],
                rows: zip(structure.orbits, cif.sites).map { orbit, site in
                    [
                        orbit.label, orbit.occupants.map(\.species.element.symbol).joined(separator: "/"),
                        "\(orbit.multiplicity)\(orbit.letter)",
                    ] + site.position.map(\.shortText) + [Self.displacement(site)]
                },
                note:
                    "Standard uncertainties in units of the last place; coordinates without one are fixed by symmetry or were not refined."
            ))
        if !phase.bonds.isEmpty { page.details("Bonds and angles", geometry.table) }
    }

    private static func displacement(_ site: SymmetricCIF.AtomSite) -> String {
        switch site.displacement {
        case .isotropic(let b): MeasuredValue(b, uncertainty: site.displacementUncertainties.first).shortText
        case .anisotropic: "anisotropic"
        case nil: "–"
        }
    }

    // MARK: All of it

    private func parameters(on page: inout HTMLPage) {
        page.section("Parameters")
        page.table(
            TextTable(
                columns: [
                    .init("parameter"), .init("value", alignment: .number), .init("unit"), .init(""),
                ], rows: rows.map(\.cells), note: "All digits stand in parameters.tsv and refined.json."),
            stacks: rows.count > 12 ? 2 : 1)
        let held = jointSummary?.restraints ?? summary.restraints
        if jointSummary == nil, !summary.rigid.isEmpty {
            page.section("Rigid groups")
            page.table(RigidRow.table(summary.rigid))
        }
        if !held.isEmpty {
            page.section("Restraints")
            page.table(RestraintRow.table(held))
        }
        let correlations = jointSummary?.correlations ?? summary.correlations
        guard !correlations.isEmpty else {
            page.paragraph("No two parameters are correlated above \(RefinementSummary.strongCorrelation).")
            return
        }
        page.details(
            "\(correlations.count) correlations above \(RefinementSummary.strongCorrelation)",
            TextTable(
                columns: [.init("parameter"), .init("with"), .init("correlation", alignment: .number)],
                rows: correlations.map { [$0.first, $0.second, String(format: "%.3f", $0.value)] }))
    }

    private var writtenFiles: [(name: String, what: String)] {
        [("refined.cif", "all phases and patterns, with what was measured, for a journal")]
            + zip(phaseNames, files).map {
                ("\($0).cif", "the structure refined from \(Self.lastPart($1))")
            }
            + [("refined.json", "every number of this page"), ("parameters.tsv", "parameters in full")]
            + outcome.items.indices.map { index in
                let name = index == 0 ? "fit" : "fit-\(index + 1)"
                return ("\(name).tsv", "2θ, observed, calculated, difference, background")
            }
    }

    private static func lastPart(_ path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }
}
