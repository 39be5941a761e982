import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Parameterization
import Symmetry

/// Substances whose cell is certified, by which diffractometers are calibrated. All are cubic.
///
/// The lengths are the National Institute of Standards and Technology's, at 22.5 °C and on the wavelength scale of
/// Hölzer et al. (Cu Kα1 1.5405929 Å), as the certificates name them (Data/README.md).
package enum CalibrationStandard: String, Sendable, Hashable, CaseIterable {
    case lab6 = "LaB6"
    case silicon = "Si"
    case ceria = "CeO2"

    /// In any case: `lab6`.
    package init?(name: String) {
        guard let found = Self.allCases.first(where: { $0.rawValue.lowercased() == name.lowercased() }) else {
            return nil
        }
        self = found
    }

    /// The certificate: `SRM 660c`.
    package var certificate: String {
        switch self {
        case .lab6: "NIST SRM 660c"
        case .silicon: "NIST SRM 640f"
        case .ceria: "NIST SRM 674b"
        }
    }

    /// Å, at 22.5 °C.
    package var length: Double {
        switch self {
        case .lab6: 4.156826
        case .silicon: 5.431144
        case .ceria: 5.411651
        }
    }

    /// Group, atoms with coordinates and B in Å².
    private var content: (group: String, atoms: [(symbol: String, position: SIMD3<Double>, b: Double)]) {
        switch self {
        case .lab6: ("P m -3 m", [("La", .zero, 0.4), ("B", SIMD3(0.1991, 0.5, 0.5), 0.3)])
        case .silicon: ("F d -3 m :2", [("Si", SIMD3(0.125, 0.125, 0.125), 0.46)])
        case .ceria: ("F m -3 m", [("Ce", .zero, 0.25), ("O", SIMD3(0.25, 0.25, 0.25), 0.45)])
        }
    }

    /// The crystal with the certified cell.
    ///
    /// - Throws: where the tables do not know what is written here.
    package func crystal() throws -> PatternCrystal {
        let content = content
        let group = try SpaceGroup.find(content.group)
        let sites = content.atoms.compactMap { atom -> Site? in
            guard let element = Element(symbol: atom.symbol) else { return nil }
            var site = Site(element, at: atom.position, label: "\(atom.symbol)1")
            site.displacement = .isotropic(b: atom.b)
            return site
        }
        let structure = ReducedStructure(
            title: rawValue, spaceGroup: group,
            lattice: Lattice(a: length, b: length, c: length, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: sites)
        return PatternCrystal(file: rawValue, structure: structure)
    }
}
