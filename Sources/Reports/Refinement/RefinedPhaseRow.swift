import CrystalFiles
import Crystallography
import Foundation
import Jobs
import Parameterization
import Publishing
import Refinement

/// How a phase is seen by one pattern: its share of the sample and its agreement.
package struct RefinedPhaseFit: Codable, Sendable {
    /// Weight fraction of the crystalline part, 0 to 1; null of free intensities.
    @ExplicitNull package var weightFraction: Double?
    /// One standard uncertainty; null where there is one phase, or a scale is not determined.
    @ExplicitNull package var weightFractionUncertainty: Double?
    /// By which the scale was divided for what particles absorb (Brindley); 1 for no correction.
    @ExplicitNull package var absorptionContrast: Double?
    /// R factors are fractions; null of free intensities.
    @ExplicitNull package var rBragg: Double?
    @ExplicitNull package var rF: Double?
    /// Reflections in the pattern.
    @ExplicitNull package var reflections: Int?

    init(_ outcome: RefinementJob.Outcome, pattern: Int, phase: Int) {
        (weightFraction, weightFractionUncertainty, absorptionContrast) = (nil, nil, nil)
        (rBragg, rF, reflections) = (nil, nil, nil)
        if outcome.fractions.indices.contains(pattern) {
            let share = outcome.fractions[pattern].phases[phase]
            (weightFraction, weightFractionUncertainty) = (share.fraction, share.uncertainty)
            absorptionContrast = share.absorptionContrast
        }
        if outcome.agreements.indices.contains(pattern) {
            let agreement = outcome.agreements[pattern].phases[phase]
            (rBragg, rF, reflections) = (agreement.rBragg, agreement.rF, agreement.reflections)
        }
    }

    /// `94.7(2) %`.
    var weightText: String {
        guard let weightFraction, weightFraction.isFinite else { return "–" }
        let value = MeasuredValue(
            100 * weightFraction, uncertainty: weightFractionUncertainty.map { 100 * $0 })
        return value.uncertainty == nil
            ? String(format: "%.2f", 100 * weightFraction) : value.shortText
    }

    static func percent(_ value: Double?) -> String {
        value.map { $0.isFinite ? String(format: "%.2f", 100 * $0) : "–" } ?? "–"
    }
}

/// A phase as it was refined.
package struct RefinedPhaseRow: Codable, Sendable {
    /// Where the structure came from.
    package var file: String
    /// What stands before its parameters' names, `phase1`; empty where there is one phase.
    package var name: String
    /// Of the smallest whole numbers.
    package var formula: String
    package var spaceGroup: SpaceGroupRow
    /// a, b, c in Å, α, β, γ in degrees.
    package var cell: [Double]
    /// Å³.
    package var volume: Double
    /// g/cm³.
    package var density: Double
    /// By the first pattern.
    package var fit: RefinedPhaseFit
    package var sites: [SiteRow]
    package var bonds: [StructureGeometry.Bond]
    package var angles: [StructureGeometry.Angle]

    init(_ outcome: RefinementJob.Outcome, phase: Int, file: String) {
        let structure = outcome.structure(ofPhase: phase)
        let count = outcome.parts[0].model.phases.count
        let geometry = StructureGeometry(
            structure, covariance: outcome.joint?.covariance ?? outcome.parts[0].covariance,
            prefix: Self.prefix(phase, of: count))
        self.file = file
        name = count > 1 ? "phase\(phase + 1)" : ""
        formula =
            Formula(
                structure.orbits.flatMap { orbit in
                    orbit.occupants.map { occupant in
                        Formula.Part(
                            occupant.species.element.symbol,
                            occupant.occupancy * Double(orbit.multiplicity))
                    }
                }
            ).reduced.conventional
        spaceGroup = SpaceGroupRow(structure.spaceGroup)
        cell = structure.latticeParameters.cell
        volume = structure.lattice.volume
        density = structure.density
        fit = RefinedPhaseFit(outcome, pattern: 0, phase: phase)
        sites = structure.orbits.map { SiteRow($0) }
        (bonds, angles) = (geometry.bonds, geometry.angles)
    }

    /// What stands before a phase's names among all parameters.
    static func prefix(_ phase: Int, of count: Int) -> String { count > 1 ? "phase\(phase + 1)." : "" }

    /// The phases' shares and agreements, a line each.
    static func table(_ rows: [(phase: RefinedPhaseRow, fit: RefinedPhaseFit)]) -> TextTable {
        TextTable(
            columns: [
                .init("phase"), .init("structure"), .init("space group"),
                .init("weight", unit: "%", alignment: .number),
                .init("density", unit: "g/cm³", alignment: .number),
                .init("R Bragg", unit: "%", alignment: .number), .init("R F", unit: "%", alignment: .number),
                .init("reflections", alignment: .number),
            ],
            rows: rows.map { phase, fit in
                [
                    phase.name.isEmpty ? phase.formula : "\(phase.name) \(phase.formula)",
                    URL(fileURLWithPath: phase.file).lastPathComponent, phase.spaceGroup.compactSymbol,
                    fit.weightText, String(format: "%.3f", phase.density),
                    RefinedPhaseFit.percent(fit.rBragg), RefinedPhaseFit.percent(fit.rF),
                    fit.reflections.map(String.init) ?? "–",
                ]
            })
    }
}
