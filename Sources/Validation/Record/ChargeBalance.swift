import Crystallography

/// Whether charges of a composition can add up to nothing.
///
/// Each element takes one of its known oxidation states (Data/tables/ions.tsv); one element may be in two neighbouring
/// states, as iron in Fe3O4.
struct ChargeBalance {
    /// An element in a state, and how many atoms of it.
    struct State {
        var element: Element
        var charge: Int
        var count: Double
    }

    /// States that leave nothing over, none for an element or an alloy; nil where there are none.
    private(set) var states: [State]?
    /// Why there are none, or none are needed.
    private(set) var reason = ""

    /// Shares of rounded occupancies may leave this part of the positive charge over.
    static let rounding = 0.02
    /// Combinations of states that are tried.
    private static let mostCombinations = 200_000

    /// - Parameter composition: atoms of each element, in any unit.
    init(_ composition: [Element: Double]) {
        let elements = composition.keys.sorted()
        let names = elements.map(\.symbol).joined(separator: ", ")
        guard elements.count > 1 else {
            (states, reason) = ([], "\(names) is an element: no ions")
            return
        }
        if let stranger = elements.first(where: { Ion.of($0).isEmpty }) {
            reason = "no oxidation state of \(stranger.symbol) is known"
            return
        }
        guard elements.contains(where: { Ion.of($0).contains { $0.charge < 0 } }) else {
            (states, reason) = ([], "\(names): an alloy needs no ions")
            return
        }
        let combinations = elements.reduce(1) { min(Self.mostCombinations * 2, $0 * Ion.of($1).count) }
        guard combinations <= Self.mostCombinations else {
            reason = "\(names) have too many oxidation states together"
            return
        }
        states =
            Self.uniform(elements[...], composition, 0, 0) ?? Self.mixed(elements, composition)
        if states == nil { reason = "no known oxidation states of \(names) add up to nothing" }
    }

    /// Each element in one state; those of least size first.
    private static func uniform(
        _ elements: ArraySlice<Element>, _ counts: [Element: Double], _ positive: Double, _ negative: Double
    ) -> [State]? {
        guard let element = elements.first else {
            let isNeutral = abs(positive - negative) <= rounding * max(positive, negative) + 1e-6
            return isNeutral && positive > 0 ? [] : nil
        }
        let count = counts[element] ?? 0
        for ion in Ion.of(element).sorted(by: { abs($0.charge) < abs($1.charge) }) {
            let part = Double(ion.charge) * count
            guard
                let rest = uniform(
                    elements.dropFirst(), counts, positive + max(0, part), negative + max(0, -part))
            else { continue }
            return [State(element: element, charge: ion.charge, count: count)] + rest
        }
        return nil
    }

    /// One element in two neighbouring states of one sign, the others in one each.
    private static func mixed(_ elements: [Element], _ counts: [Element: Double]) -> [State]? {
        for element in elements {
            let own = Ion.of(element).map(\.charge).sorted()
            let count = counts[element] ?? 0
            for (low, high) in zip(own, own.dropFirst()) where low * high > 0 {
                let others = elements.filter { $0 != element }
                let found = combination(others[...], counts, 0) { sum in
                    let share = (-sum / count - Double(low)) / Double(high - low)
                    return share > 1e-6 && share < 1 - 1e-6 ? share : nil
                }
                guard let (states, share) = found else { continue }
                return states + [
                    State(element: element, charge: low, count: (1 - share) * count),
                    State(element: element, charge: high, count: share * count),
                ]
            }
        }
        return nil
    }

    private static func combination(
        _ elements: ArraySlice<Element>, _ counts: [Element: Double], _ sum: Double,
        _ share: (Double) -> Double?
    ) -> ([State], Double)? {
        guard let element = elements.first else { return share(sum).map { ([], $0) } }
        let count = counts[element] ?? 0
        for ion in Ion.of(element).sorted(by: { abs($0.charge) < abs($1.charge) }) {
            let part = Double(ion.charge) * count
            guard let (rest, found) = combination(elements.dropFirst(), counts, sum + part, share) else {
                continue
            }
            return ([State(element: element, charge: ion.charge, count: count)] + rest, found)
        }
        return nil
    }

    /// `Fe2+ Fe3+ O2-`.
    static func text(_ states: [State]) -> String {
        states.sorted { ($0.element, $0.charge) < ($1.element, $1.charge) }
            .map { "\(Species($0.element, charge: $0.charge))" }.joined(separator: " ")
    }

    /// What the charges that a file states come to.
    enum Stated {
        case neutral
        /// e for each cell.
        case charged(Double)
        /// Not for every atom.
        case unstated
    }

    static func stated(_ structure: CrystalStructure) -> Stated {
        var (positive, negative) = (0.0, 0.0)
        for occupant in structure.sites.lazy.flatMap(\.occupants) {
            guard let charge = occupant.species.charge else { return .unstated }
            let part = Double(charge) * occupant.occupancy
            if part > 0 { positive += part } else { negative -= part }
        }
        let rest = positive - negative
        return abs(rest) <= rounding * max(positive, negative) + 1e-6 ? .neutral : .charged(rest)
    }
}
