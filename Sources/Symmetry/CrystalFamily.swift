/// The six crystal families (ITA Vol. A, 2.1.1).
public enum CrystalFamily: String, Sendable, Hashable, CaseIterable, Codable {
    case triclinic, monoclinic, orthorhombic, tetragonal, hexagonal, cubic

    /// Of a space-group number 1–230.
    public init(number: Int) {
        switch number {
        case ...2: self = .triclinic
        case ...15: self = .monoclinic
        case ...74: self = .orthorhombic
        case ...142: self = .tetragonal
        case ...194: self = .hexagonal
        default: self = .cubic
        }
    }
}

/// The seven crystal systems.
public enum CrystalSystem: String, Sendable, Hashable, CaseIterable, Codable {
    case triclinic, monoclinic, orthorhombic, tetragonal, trigonal, hexagonal, cubic

    /// Of a space-group number 1–230.
    public init(number: Int) {
        switch CrystalFamily(number: number) {
        case .triclinic: self = .triclinic
        case .monoclinic: self = .monoclinic
        case .orthorhombic: self = .orthorhombic
        case .tetragonal: self = .tetragonal
        case .hexagonal: self = number <= 167 ? .trigonal : .hexagonal
        case .cubic: self = .cubic
        }
    }
}

/// The seven lattice systems; `rhombohedral` for groups on a rhombohedral lattice in either setting.
public enum LatticeSystem: String, Sendable, Hashable, CaseIterable, Codable {
    case triclinic, monoclinic, orthorhombic, tetragonal, rhombohedral, hexagonal, cubic
}
