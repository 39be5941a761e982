import Crystallography
import NumericalMethods

/// Frames of extended XYZ with what was computed: `energy` in eV, `forces` in eV/Å, `stress` in eV/Å³, as ASE and
/// OVITO read them.
package struct ExtendedXYZTrajectory: Sendable {
    package private(set) var text = ""

    package init() {}

    /// - Parameters:
    ///   - energy: eV per cell.
    ///   - forces: eV/Å, one an atom.
    ///   - stress: eV/Å³, positive where the cell would shrink.
    package mutating func append(
        _ structure: CrystalStructure, energy: Double, forces: [SIMD3<Double>], stress: Matrix3
    ) {
        func row(_ m: Matrix3) -> String {
            (0..<3).flatMap { i in (0..<3).map { j in "\(m[i, j])" } }.joined(separator: " ")
        }
        text += "\(structure.sites.count)\n"
        text += "Lattice=\"\(row(structure.lattice.vectors))\" Properties=species:S:1:pos:R:3:forces:R:3"
        text += " energy=\(energy) stress=\"\(row(stress))\" pbc=\"T T T\"\n"
        for (site, force) in zip(structure.sites, forces) {
            let symbol = site.occupants.first?.species.element.symbol ?? "X"
            text +=
                "\(RoundTrip.padded(symbol, to: 2)) "
                + "\(RoundTrip.row(structure.lattice.cartesian(site.position), width: 20)) "
                + "\(RoundTrip.row(force, width: 20))\n"
        }
    }
}
