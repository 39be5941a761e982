import Crystallography
import NumericalMethods

/// A space group in one of the 530 settings of the Hall-number list (ITA Vol. A's settings and origin choices).
public struct SpaceGroup: Sendable, Hashable, CustomStringConvertible {
    let record: SpaceGroupRecord

    /// By Hall number, 1–530, as spglib counts them; nil outside.
    public init?(hallNumber: Int) {
        guard let record = SpaceGroupCatalogue.shared.record(hallNumber: hallNumber) else { return nil }
        self.record = record
    }

    /// 1–530.
    public var hallNumber: Int { record.setting.hallNumber }
    /// ITA number, 1–230.
    public var number: Int { record.setting.number }
    /// `-P 2ac 2n`
    public var hallSymbol: String { record.setting.hallSymbol }
    /// Short Hermann–Mauguin symbol of the setting, with blanks as in a CIF: `P n m a`, `P 21/c`.
    public var symbol: String { record.setting.symbol }
    /// The same without blanks: `Pnma`.
    public var compactSymbol: String { symbol.filter { $0 != " " } }
    /// Full Hermann–Mauguin symbol of the setting: `P 1 21/c 1`, `F 41/d -3 2/m`.
    public var fullSymbol: String { record.setting.fullSymbol }
    /// `D2h^16`
    public var schoenfliesSymbol: String { record.setting.schoenfliesSymbol }
    /// What tells settings of one group apart: origin `1` `2`, axes `H` `R`, unique axis and cell choice `b1`,
    /// permuted axes `cab`; empty for the standard one.
    public var choice: String { record.setting.choice }

    /// The setting of the same axes that has its origin on a centre of inversion, origin choice 2, where the tables give
    /// two origins: what a symbol without a mark means here, and what is written as standard.
    package var withOriginOnCentre: SpaceGroup {
        guard choice.first == "1" else { return self }
        let second = "2" + choice.dropFirst()
        let settings = SpaceGroupCatalogue.settings
        let own = settings.first { $0.number == number && $0.choice == second && $0.symbol == symbol }
        return own.flatMap { SpaceGroup(hallNumber: $0.hallNumber) } ?? self
    }

    /// By the number (ITA A 1.3.4.4).
    public var crystalFamily: CrystalFamily { CrystalFamily(number: number) }
    /// By the number (ITA A 1.3.4.4).
    public var crystalSystem: CrystalSystem { CrystalSystem(number: number) }
    /// By number and centring: rhombohedral groups have their own.
    public var latticeSystem: LatticeSystem {
        switch crystalSystem {
        case .triclinic: .triclinic
        case .monoclinic: .monoclinic
        case .orthorhombic: .orthorhombic
        case .tetragonal: .tetragonal
        case .trigonal: centring == .R || hasRhombohedralAxes ? .rhombohedral : .hexagonal
        case .hexagonal: .hexagonal
        case .cubic: .cubic
        }
    }
    /// The setting's axes are rhombohedral: a = b = c, α = β = γ.
    public var hasRhombohedralAxes: Bool { choice == "R" }
    /// The centring of this setting.
    public var centring: Centring { record.centring }
    /// One of the 32 symbols, orientation left out: `-42m` stands for `-4m2` too.
    public var pointGroup: String { record.pointGroup.symbol }
    /// In Hermann–Mauguin notation, such as "mmm".
    public var laueClass: String { record.pointGroup.laueClass }

    /// All operations, centring included, translations in [0, 1), the identity first; the primitive ones before
    /// those with a centring vector.
    public var operations: [SymmetryOperation] { record.operations }

    /// |G| modulo lattice translations of the cell: the multiplicity of the general position.
    public var order: Int { record.operations.count }

    /// There is a centre of inversion, at the origin or elsewhere.
    public var isCentrosymmetric: Bool { record.operations.contains { $0.rotation == -.identity } }

    /// A basis of the vectors that every rotation leaves fixed: the origin is free along them.
    public var polarDirections: [SIMD3<Int>] {
        FixedDirections(of: operations.prefix(order / centring.vectors.count).map(\.rotation)).directions
    }

    /// 0, 1, 2 for unique axis a, b, c of a monoclinic group.
    public var uniqueAxis: Int? {
        guard crystalFamily == .monoclinic else { return nil }
        return choice.first { "abc".contains($0) }.flatMap { ["a": 0, "b": 1, "c": 2][$0] }
    }

    /// Symbol and number.
    public var description: String {
        choice.isEmpty ? "\(symbol) (\(number))" : "\(symbol) (\(number), \(choice))"
    }

    /// The same setting: Hall numbers are compared.
    public static func == (a: SpaceGroup, b: SpaceGroup) -> Bool { a.hallNumber == b.hallNumber }
    /// Of the Hall number.
    public func hash(into hasher: inout Hasher) { hasher.combine(hallNumber) }

    /// The group whose operations are these, in this very basis and about this origin; the order and lattice
    /// translations do not matter.
    public static func matching(operations: [SymmetryOperation]) -> SpaceGroup? {
        SpaceGroupCatalogue.shared.hallNumber(of: operations).flatMap { SpaceGroup(hallNumber: $0) }
    }
}
