import Symmetry

/// The 14 Bravais lattices, by the letter of their family and that of their centring (ITA A, table 3.1.2.1); highest symmetry first.
public enum BravaisLattice: String, Sendable, Hashable, CaseIterable, Codable {
    case cF, cI, cP, hR, hP, tI, tP, oF, oI, oC, oP, mC, mP, aP

    /// The crystal family of the letter.
    public var family: CrystalFamily {
        switch self {
        case .cF, .cI, .cP: .cubic
        case .hR, .hP: .hexagonal
        case .tI, .tP: .tetragonal
        case .oF, .oI, .oC, .oP: .orthorhombic
        case .mC, .mP: .monoclinic
        case .aP: .triclinic
        }
    }

    /// The centring; R in the obverse setting on hexagonal axes, C of monoclinic lattices with b unique.
    public var centring: Centring {
        switch self {
        case .cF, .oF: .F
        case .cI, .tI, .oI: .I
        case .hR: .R
        case .oC, .mC: .C
        case .cP, .hP, .tP, .oP, .mP, .aP: .P
        }
    }

    /// Points of the lattice in its conventional cell.
    public var pointsPerCell: Int { centring.vectors.count }

    /// The order of the holohedry: as many reflections share one line at most.
    package var holohedryOrder: Int {
        switch self {
        case .cF, .cI, .cP: 48
        case .hP: 24
        case .hR: 12
        case .tI, .tP: 16
        case .oF, .oI, .oC, .oP: 8
        case .mC, .mP: 4
        case .aP: 2
        }
    }

    /// Whether the centring lets a reflection through.
    package func allows(_ h: Int, _ k: Int, _ l: Int) -> Bool {
        switch self {
        case .cF, .oF: (h + k) & 1 == 0 && (k + l) & 1 == 0
        case .cI, .tI, .oI: (h + k + l) & 1 == 0
        case .oC, .mC: (h + k) & 1 == 0
        case .hR: (-h + k + l) % 3 == 0
        case .cP, .hP, .tP, .oP, .mP, .aP: true
        }
    }
}
