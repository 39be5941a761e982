import Energies
import Foundation
import NumericalMethods
import Publishing

/// What `relax --elastic` reports: stiffnesses at the minimum and what follows from them. GPa where nothing else is said.
package struct ElasticSummary: Sendable, Encodable {
    /// Averages over the orientations of a polycrystal.
    package struct Moduli: Sendable, Encodable {
        package var bulk: Double
        package var shear: Double
        package var young: Double
        package var poisson: Double

        init(_ moduli: ElasticConstants.Moduli) {
            (bulk, shear, young, poisson) = (moduli.bulk, moduli.shear, moduli.young, moduli.poisson)
        }
    }

    /// Which way the axes lie, and in which order the six components stand.
    package var axes = "x along a, y in the plane of a and b; xx yy zz yz xz xy"
    /// Ions at rest under every strain.
    package var stiffness: [[Double]]
    /// 1/TPa; null of a crystal without stiffness against some strain.
    @ExplicitNull package var compliance: [[Double]]?
    /// Ions held at their fractional coordinates.
    package var clampedStiffness: [[Double]]
    /// Ascending, of any axes.
    package var eigenvalues: [Double]
    /// Born: all eigenvalues are positive.
    package var isStable: Bool
    package var voigt: Moduli
    /// Null of a crystal that is not stable, as are the two that follow.
    @ExplicitNull package var reuss: Moduli?
    @ExplicitNull package var hill: Moduli?
    @ExplicitNull package var universalAnisotropy: Double?
    /// Strains that were applied, to both sides, up to this size in so many steps.
    package var strains: Int
    package var strain: Double
    package var steps: Int
    /// The largest standard error of a stiffness: what the potential's stresses at the steps disagree by. Null of fewer than three steps.
    @ExplicitNull package var uncertainty: Double?
    /// The largest |C_IJ − C_JI|, which no energy has.
    package var asymmetry: Double
    package var evaluations: Int

    package init(_ finding: StressStrainMethod.Finding) {
        func rows(_ matrix: DenseMatrix, _ factor: Double = 1) -> [[Double]] {
            (0..<6).map { matrix.row($0).map { factor * $0 } }
        }
        let constants = finding.relaxed
        stiffness = rows(constants.stiffness)
        compliance = constants.compliance.map { rows($0, 1000) }
        clampedStiffness = rows(finding.clamped.stiffness)
        (eigenvalues, isStable) = (constants.eigenvalues, constants.isStable)
        voigt = Moduli(constants.voigt)
        reuss = constants.reuss.map { Moduli($0) }
        hill = constants.hill.map { Moduli($0) }
        universalAnisotropy = constants.universalAnisotropy
        (strains, strain, steps) = (finding.strains, finding.strain, finding.steps)
        uncertainty = finding.uncertainty
        (asymmetry, evaluations) = (finding.asymmetry, finding.evaluations)
    }

    package var lines: [String] {
        func cells(_ values: [Double], _ format: String = "%9.2f") -> String {
            values.map { String(format: format, abs($0) < 0.005 ? 0 : $0) }.joined()
        }
        var lines = ["  elastic stiffnesses, GPa, ions at rest (\(axes))"]
        lines += stiffness.map { "  " + cells($0) }
        lines.append("  ions held")
        lines += clampedStiffness.map { "  " + cells($0) }
        lines.append("                  bulk    shear   Young's  Poisson's ratio")
        for (name, moduli) in [("Voigt", voigt), ("Reuss", reuss), ("Hill", hill)] {
            guard let moduli else { continue }
            lines.append(
                "  " + name.padding(toLength: 10, withPad: " ", startingAt: 0)
                    + cells([moduli.bulk, moduli.shear, moduli.young]) + cells([moduli.poisson], "%10.4f"))
        }
        if let universalAnisotropy {
            lines.append("  universal anisotropy  \(String(format: "%.3f", universalAnisotropy))")
        }
        lines.append(
            "  \(isStable ? "mechanically stable" : "NOT mechanically stable"): the least of six eigenvalues is "
                + String(format: "%.2f GPa", eigenvalues.first ?? .nan))
        if let uncertainty {
            lines.append(
                "  standard error of a stiffness up to \(String(format: "%.1f", uncertainty)) GPa: what is no slope of the stress"
            )
        }
        lines.append(
            "  \(strains) strains up to ±\(strain) in \(steps) steps and their images under the group, "
                + "\(evaluations) evaluations")
        return lines
    }
}
