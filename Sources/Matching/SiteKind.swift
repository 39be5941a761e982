import Crystallography

/// What must agree for two sites to be paired: the elements (deuterium is hydrogen, charges do not count) and
/// their occupancies to 0.01.
package struct SiteKind: Hashable, Comparable {
    private let occupants: [Int]

    package init(_ site: Site) {
        var shares: [Int: Double] = [:]
        for occupant in site.occupants {
            shares[occupant.species.element.atomicNumber, default: 0] += occupant.occupancy
        }
        occupants = shares.sorted { $0.key < $1.key }.flatMap { [$0.key, Int(($0.value * 100).rounded())] }
    }

    package static func < (a: SiteKind, b: SiteKind) -> Bool {
        a.occupants.lexicographicallyPrecedes(b.occupants)
    }
}
