import NumericalMethods
import Symmetry

/// All settings of a crystal family, on given axes, that extinguish the same lines of a powder pattern: what a pattern can
/// tell of its space group (ITA A, 3.1.4).
public struct ExtinctionSymbol: Sendable, Hashable, CustomStringConvertible {
    /// `P n - a`, `P 1 21/c 1`, `I a - d`; of cubic and hexagonal lattices as the highest Laue class writes it.
    public let text: String
    /// The same lines as other Laue classes write them: `P 21 - -` beside `P 42 - -`.
    public let otherTexts: [String]
    /// The lattice's.
    public let centring: Centring
    /// The groups in all settings that these axes have, of two origins the one on a centre.
    public let spaceGroups: [SpaceGroup]
    /// The group of highest order.
    public let representative: SpaceGroup

    /// - Parameter settings: of one class, one at least.
    init?(_ settings: [SpaceGroup]) {
        guard let highest = settings.max(by: { $0.order < $1.order }) else { return nil }
        var kept: [SpaceGroup] = []
        for setting in settings.map(\.withOriginOnCentre) where !kept.contains(setting) {
            kept.append(setting)
        }
        representative = highest.withOriginOnCentre
        centring = highest.centring
        spaceGroups = kept
        let texts = ExtinctionSymbolText.texts(of: settings)
        text = texts.first ?? highest.symbol
        otherTexts = Array(texts.dropFirst())
    }

    /// As `text`.
    public var description: String { text }

    /// What the reflections present obey, as ITA prints it: "0kl: k+l=2n".
    public var conditions: [ReflectionCondition] { ReflectionConditions.list(for: representative) }

    /// The same class: settings are compared.
    public static func == (a: ExtinctionSymbol, b: ExtinctionSymbol) -> Bool {
        a.spaceGroups == b.spaceGroups
    }
    /// Of the settings.
    public func hash(into hasher: inout Hasher) { hasher.combine(spaceGroups) }
}
