/// The colour in which an arm of a study is drawn: grey for null arms, one hue for each kind of descent, lighter for the
/// losses beside the cosine.
struct ArmColor {
    /// `#RRGGBB`.
    let hex: String

    private static let hues: [String: (Int, Int, Int)] = [
        "nothing": (184, 184, 184), "project-once": (128, 128, 128), "wyckoff": (0, 114, 178),
        "wyckoff-space-group": (0, 158, 115), "wyckoff-family": (86, 180, 233), "descent": (178, 34, 34),
        "descent-family": (230, 126, 0), "soft-family": (204, 121, 167), "adam": (140, 86, 75),
        "lbfgs": (0, 0, 0), "descent-symmetry": (122, 62, 177), "energy": (23, 160, 180),
        "energy-symmetry": (11, 100, 110), "energy-then-pattern": (188, 189, 34),
        "pattern+energy": (107, 142, 35), "pattern-symmetry": (75, 75, 155),
    ]

    /// - Parameter arm: a name as in `descent:mse`.
    init(_ arm: String) {
        let parts = arm.split(separator: ":", maxSplits: 1).map(String.init)
        let hue = Self.hues[parts.first ?? ""] ?? (96, 96, 96)
        let share: Double =
            switch parts.dropFirst().first {
            case "mse": 0.35
            case "entropy": 0.6
            default: 0
            }
        let mixed = [hue.0, hue.1, hue.2].map { Int((Double($0) + share * Double(255 - $0)).rounded()) }
        let digits = mixed.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }
        hex = "#" + digits.joined()
    }
}
