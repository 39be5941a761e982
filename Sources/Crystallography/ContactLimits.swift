/// How near two atoms may come before their structure is no crystal: one rule for all verdicts.
///
/// The yardstick of a pair is the sum of its covalent radii (Cordero et al., Dalton Trans. 2008, 2832), but 1 Å at
/// least. Bonds of every order reach 0.65 of it and more (Cr–Cr quintuple 0.66, U=O 0.67, N≡N 0.77, H–H 0.74).
public struct ContactLimits: Sendable, Hashable {
    /// The share of a pair's yardstick from which on a contact is sane. Under the shortest multiple bonds, 0.65, with
    /// room for pressure and for positions that are off by 0.1 Å.
    public var leastShare = 0.6
    /// Occupancies of two sites that add up to no more than 1 + this exclude each other: only one of them is taken
    /// in any one cell, so that they may stand at any distance. Published occupancies are rounded: 0.34 thrice.
    public var occupancyExcess = 0.05

    /// Å, the least yardstick of a pair. No two nuclei bond at less than those of H₂, 0.741 Å (Huber & Herzberg,
    /// Constants of Diatomic Molecules, 1979), but hydrogen's radius, 0.31 Å, would let them come to 0.37 Å: 0.6 of
    /// 1 Å lies below what X-rays make of a bond to hydrogen, 0.7 to 0.8 Å.
    package static let leastSum = 1.0

    /// The limits that every command uses.
    public static let standard = ContactLimits()

    /// The standard limits, to be changed.
    public init() {}

    /// Å: the yardstick of a pair, from the radii of its atoms; an atom without one (nil) counts as a point, so that
    /// nothing is made up about it.
    package static func sum(_ first: Double?, _ second: Double?) -> Double {
        max(leastSum, (first ?? 0) + (second ?? 0))
    }

    /// Å: the covalent radius of who sits on a site, the mean by occupancy where several share it; nil where no radius
    /// of them is known (above curium).
    package static func radius(of occupants: [Occupant]) -> Double? {
        var (sum, weight) = (0.0, 0.0)
        for occupant in occupants {
            guard let radius = occupant.species.element.covalentRadius else { continue }
            sum += occupant.occupancy * radius
            weight += occupant.occupancy
        }
        return weight > 0 ? sum / weight : occupants.first?.species.element.covalentRadius
    }

    /// Whether no cell takes both of two sites.
    func exclude(_ first: Double, _ second: Double) -> Bool { first + second <= 1 + occupancyExcess }
}
