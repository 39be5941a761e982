import NumericalMethods

/// One of the 32 crystallographic point groups.
public struct PointGroup: Sendable, Hashable {
    /// Hermann–Mauguin symbol: `m-3m`.
    public let symbol: String
    /// The symbol with a centre of inversion added, which a diffraction pattern without anomalous scattering has.
    public let laueClass: String

    /// nil if the rotations are no crystallographic point group. The identification counts rotations by type
    /// (trace and determinant), so it holds in any basis.
    public init?(rotations: some Sequence<IntegerMatrix3>) {
        self.init(distinct: Set(rotations))
    }

    /// The same of rotations that do not repeat.
    init?(distinct rotations: some Sequence<IntegerMatrix3>) {
        // By type, −6 … 6.
        var count = [Int](repeating: 0, count: 13)
        for rotation in rotations {
            guard let type = Self.type(of: rotation) else { return nil }
            count[type + 6] += 1
        }
        let key = [2, 3, 4, 6, -1, -2, -3, -4, -6].map { count[$0 + 6] }
        guard count[7] == 1, let symbol = Self.symbols[key], let laue = Self.laueClasses[symbol] else {
            return nil
        }
        self.symbol = symbol
        laueClass = laue
    }

    /// 1, 2, 3, 4, 6 or −1, −2 (a mirror), −3, −4, −6; nil for a matrix of infinite order.
    package static func type(of rotation: IntegerMatrix3) -> Int? {
        let sign = rotation.determinant
        guard abs(sign) == 1 else { return nil }
        switch rotation.trace * sign {
        case 3: return sign
        case -1: return 2 * sign
        case 0: return 3 * sign
        case 1: return 4 * sign
        case 2: return 6 * sign
        default: return nil
        }
    }

    /// Numbers of 2, 3, 4, 6, −1, m, −3, −4, −6.
    private static let symbols: [[Int]: String] = [
        [0, 0, 0, 0, 0, 0, 0, 0, 0]: "1", [0, 0, 0, 0, 1, 0, 0, 0, 0]: "-1",
        [1, 0, 0, 0, 0, 0, 0, 0, 0]: "2", [0, 0, 0, 0, 0, 1, 0, 0, 0]: "m",
        [1, 0, 0, 0, 1, 1, 0, 0, 0]: "2/m", [3, 0, 0, 0, 0, 0, 0, 0, 0]: "222",
        [1, 0, 0, 0, 0, 2, 0, 0, 0]: "mm2", [3, 0, 0, 0, 1, 3, 0, 0, 0]: "mmm",
        [1, 0, 2, 0, 0, 0, 0, 0, 0]: "4", [1, 0, 0, 0, 0, 0, 0, 2, 0]: "-4",
        [1, 0, 2, 0, 1, 1, 0, 2, 0]: "4/m", [5, 0, 2, 0, 0, 0, 0, 0, 0]: "422",
        [1, 0, 2, 0, 0, 4, 0, 0, 0]: "4mm", [3, 0, 0, 0, 0, 2, 0, 2, 0]: "-42m",
        [5, 0, 2, 0, 1, 5, 0, 2, 0]: "4/mmm", [0, 2, 0, 0, 0, 0, 0, 0, 0]: "3",
        [0, 2, 0, 0, 1, 0, 2, 0, 0]: "-3", [3, 2, 0, 0, 0, 0, 0, 0, 0]: "32",
        [0, 2, 0, 0, 0, 3, 0, 0, 0]: "3m", [3, 2, 0, 0, 1, 3, 2, 0, 0]: "-3m",
        [1, 2, 0, 2, 0, 0, 0, 0, 0]: "6", [0, 2, 0, 0, 0, 1, 0, 0, 2]: "-6",
        [1, 2, 0, 2, 1, 1, 2, 0, 2]: "6/m", [7, 2, 0, 2, 0, 0, 0, 0, 0]: "622",
        [1, 2, 0, 2, 0, 6, 0, 0, 0]: "6mm", [3, 2, 0, 0, 0, 4, 0, 0, 2]: "-6m2",
        [7, 2, 0, 2, 1, 7, 2, 0, 2]: "6/mmm", [3, 8, 0, 0, 0, 0, 0, 0, 0]: "23",
        [3, 8, 0, 0, 1, 3, 8, 0, 0]: "m-3", [9, 8, 6, 0, 0, 0, 0, 0, 0]: "432",
        [3, 8, 0, 0, 0, 6, 0, 6, 0]: "-43m", [9, 8, 6, 0, 1, 9, 8, 6, 0]: "m-3m",
    ]

    private static let laueClasses: [String: String] = [
        "1": "-1", "-1": "-1", "2": "2/m", "m": "2/m", "2/m": "2/m", "222": "mmm", "mm2": "mmm", "mmm": "mmm",
        "4": "4/m", "-4": "4/m", "4/m": "4/m", "422": "4/mmm", "4mm": "4/mmm", "-42m": "4/mmm",
        "4/mmm": "4/mmm", "3": "-3", "-3": "-3", "32": "-3m", "3m": "-3m", "-3m": "-3m", "6": "6/m",
        "-6": "6/m", "6/m": "6/m", "622": "6/mmm", "6mm": "6/mmm", "-6m2": "6/mmm", "6/mmm": "6/mmm",
        "23": "m-3", "m-3": "m-3", "432": "m-3m", "-43m": "m-3m", "m-3m": "m-3m",
    ]
}
