import Crystallography
import Energies
import Foundation
import Parameterization
import Publishing

/// What `wyckoff relax` reports of one structure.
///
/// `number` and `foundNumber` are parts of `spaceGroup` and `foundSpaceGroup` under their older names.
package struct RelaxationSummary: Sendable, Encodable {
    package struct Change: Sendable, Encodable {
        package var name: String
        package var unit: String
        package var before: Double
        package var after: Double
    }

    /// Whether a way downhill that breaks the group was found.
    package struct Saddle: Sendable, Encodable {
        /// Curvature of the softest mode that breaks the group, eV/Å² (strain counted as the displacement it causes).
        package var softestCurvature: Double
        /// Directions that break the group and are no translation.
        package var brokenDirections: Int
        package var isSaddle: Bool
        /// A way downhill that gains less than the potential's noise: no saddle.
        package var isFlat: Bool
        /// After shaking along the mode and relaxing without symmetry, eV per atom; null where it was not done.
        @ExplicitNull package var energyChangePerAtom: Double?
        /// Å, of the atom (or the strain) that moved most on the way there.
        @ExplicitNull package var largestDisplacement: Double?
        /// Of the minimum beside the saddle.
        @ExplicitNull package var lowerSpaceGroup: SpaceGroupRow?
        package var evaluations: Int

        init(_ finding: SaddleCheck.Finding) {
            softestCurvature = finding.softestCurvature
            (brokenDirections, isSaddle) = (finding.brokenDirections, finding.isSaddle)
            isFlat = finding.isFlat
            energyChangePerAtom = finding.energyChangePerAtom
            largestDisplacement = finding.largestDisplacement
            lowerSpaceGroup = finding.lowerSpaceGroup.map { SpaceGroupRow($0) }
            evaluations = finding.evaluations
        }
    }

    package var file: String
    package var name: String
    package var potential: String
    package var formula: String
    /// Of the cell that was relaxed.
    package var atoms: Int
    /// The group that was held.
    package var spaceGroup: SpaceGroupRow
    package var number: Int
    /// Found again in the relaxed structure, within 10⁻⁵ Å: the same, or a group above it.
    package var foundSpaceGroup: SpaceGroupRow
    package var foundNumber: Int
    /// Whether every operation of the group maps the relaxed structure on itself within 10⁻⁵ Å.
    package var groupHeld: Bool
    package var outcome: Relaxation.Outcome
    package var evaluations: Int
    /// eV.
    package var startEnergyPerAtom: Double
    package var energyPerAtom: Double
    /// eV, pV included.
    package var enthalpyPerAtom: Double
    /// eV/Å.
    package var largestForce: Double
    /// GPa, against the pressure.
    package var largestStress: Double
    /// GPa, the one that was asked for.
    package var pressure: Double
    /// Å³.
    package var volume: Double
    package var parameters: [Change]
    /// The relaxed structure in the group's setting: a, b, c in Å, α, β, γ in degrees…
    package var cell: [Double]
    /// …and one atom of each orbit.
    package var sites: [SiteRow]
    /// Null where it was not looked for.
    @ExplicitNull package var saddle: Saddle?
    /// Null where it was not asked for.
    @ExplicitNull package var elastic: ElasticSummary?
    /// Every clause of the verdict, in the order of `RelaxationClause`.
    package var clauses: [VerdictClause]
    /// No clause fails.
    package var passed: Bool { clauses.hold }

    /// - Parameters:
    ///   - start: what was relaxed.
    ///   - startEnergy: eV per cell.
    ///   - verification: of the relaxed structure's group.
    ///   - pressure: GPa, the one that was asked for.
    package init(
        _ result: Relaxation.Result, from start: ReducedStructure, startEnergy: Double,
        verification: GroupVerification, file: String, name: String, potential: String, pressure: Double,
        saddle: SaddleCheck.Finding? = nil, elasticity: StressStrainMethod.Finding? = nil
    ) {
        (self.file, self.name, self.potential) = (file, name, potential)
        let relaxed = result.structure
        let expanded = relaxed.expanded()
        formula = Formula(expanded).conventional
        atoms = expanded.sites.count
        spaceGroup = SpaceGroupRow(relaxed.spaceGroup)
        number = relaxed.spaceGroup.number
        foundSpaceGroup = SpaceGroupRow(verification.found)
        foundNumber = verification.found.number
        groupHeld = verification.isHeld
        outcome = result.outcome
        let count = Double(atoms)
        evaluations = result.last.evaluations
        startEnergyPerAtom = startEnergy / count
        energyPerAtom = result.last.evaluation.energy / count
        enthalpyPerAtom = result.last.enthalpy / count
        largestForce = result.last.largestForce
        largestStress = result.last.largestStress
        self.pressure = pressure
        volume = expanded.lattice.volume
        parameters = zip(start.parameters, relaxed.parameters).map {
            Change(name: $0.name, unit: $0.unit, before: $0.value, after: $1.value)
        }
        cell = relaxed.latticeParameters.cell
        sites = relaxed.orbits.map { SiteRow($0) }
        self.saddle = saddle.map { Saddle($0) }
        elastic = elasticity.map { ElasticSummary($0) }
        clauses = RelaxationClause.verdict(
            on: result, groupHeld: groupHeld, saddle: saddle, elastic: elasticity?.relaxed)
    }

    package var text: String {
        func number(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
        var group = "\(spaceGroup.compactSymbol) held"
        if !groupHeld { group = "\(spaceGroup.compactSymbol) NOT held" }
        if foundNumber != self.number { group += ", found \(foundSpaceGroup.compactSymbol)" }
        var lines = [
            "\(file)  \(formula)  \(group)  \(potential)",
            "  \(outcome.rawValue) after \(evaluations) evaluations",
            "  energy          \(number(startEnergyPerAtom, 6)) → \(number(energyPerAtom, 6)) eV/atom",
            "  largest force   \(number(largestForce, 6)) eV/Å",
            "  largest stress  \(number(largestStress, 4)) GPa",
            "  volume          \(number(volume, 4)) Å³",
        ]
        for change in parameters {
            lines.append(
                "  \(change.name)  \(number(change.before, 5)) → \(number(change.after, 5)) \(change.unit)")
        }
        if let saddle {
            lines.append(
                "  softest of \(saddle.brokenDirections) directions that break the group: "
                    + "\(number(saddle.softestCurvature, 4)) eV/Å²")
            if let change = saddle.energyChangePerAtom, let group = saddle.lowerSpaceGroup {
                lines.append(
                    "  \(saddle.isFlat ? "flat within the potential's noise" : "a saddle"): "
                        + "\(number(change, 6)) eV/atom at the minimum beside it, \(group.compactSymbol)")
            }
        }
        if let elastic { lines += elastic.lines }
        lines += clauses.failures.map { "  NOT proven: \($0)" }
        return lines.joined(separator: "\n")
    }
}
