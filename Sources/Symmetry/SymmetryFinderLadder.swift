import Crystallography
import Foundation

/// One group of a structure's tolerance ladder.
public struct SymmetryRung: Sendable {
    /// The symmetry as found in this interval; its `maxDisplacement` and `strain` say what enforcing it costs.
    public let found: FoundSymmetry
    /// The tolerances (Å) between which the group was found, bisected to 2 %.
    public let tolerances: ClosedRange<Double>
}

extension SymmetryFinder {
    /// Every distinct symmetry that a structure has between two tolerances, from the tightest on.
    ///
    /// Results are distinct by group and orbits. One that comes back at larger tolerances (there spglib retreats
    /// to a smaller tolerance than asked) is listed once, where it holds first. Tolerances that spglib cannot work
    /// at, or where the operations do not pair the atoms, leave a gap. The ladder ends below the distance of the
    /// closest two atoms of one kind.
    public static func ladder(
        in structure: CrystalStructure, tolerances: ClosedRange<Double> = 1e-5...2
    ) throws(SymmetryFinderError) -> [SymmetryRung] {
        let input = try SymmetryInput(structure)
        guard tolerances.lowerBound > 0 else { throw .toleranceNotPositive(tolerances.lowerBound) }
        let limit = min(tolerances.upperBound, 0.999 * (input.closestOfKind?.distance ?? .infinity))
        guard limit >= tolerances.lowerBound else {
            let pair = input.closestOfKind ?? (0, 0, 0)
            throw .toleranceTooLarge(
                tolerance: tolerances.lowerBound, atoms: (pair.first, pair.second), distance: pair.distance)
        }
        var search = LadderSearch(input, tolerances.lowerBound...limit)
        var steps: [LadderStep] = []
        for tolerance in grid(tolerances.lowerBound...limit) {
            let step = search.step(at: tolerance)
            if let last = steps.last, last.key != step.key {
                steps += between(last, step, &search, depth: 0)
            }
            steps.append(step)
        }
        return rungs(steps, search)
    }

    /// Geometric, finer where distorted structures show their groups: 10 a decade up to 0.03 Å, 24 above.
    private static func grid(_ range: ClosedRange<Double>) -> [Double] {
        var values = [range.lowerBound]
        while let last = values.last, last < range.upperBound {
            values.append(min(range.upperBound, last * pow(10, last < 0.03 ? 0.1 : 1.0 / 24)))
        }
        return values
    }

    private static func between(
        _ a: LadderStep, _ b: LadderStep, _ search: inout LadderSearch, depth: Int
    ) -> [LadderStep] {
        guard a.key != b.key, depth < 12, b.tolerance / a.tolerance > 1.02 else { return [] }
        // Near where groups change spglib is always asked.
        let middle = search.asked(at: (a.tolerance * b.tolerance).squareRoot())
        return between(a, middle, &search, depth: depth + 1) + [middle]
            + between(middle, b, &search, depth: depth + 1)
    }

    private static func rungs(_ steps: [LadderStep], _ search: LadderSearch) -> [SymmetryRung] {
        var result: [SymmetryRung] = []
        var seen = Set<LadderStep.Key>()
        var start = 0
        for end in steps.indices where end + 1 == steps.count || steps[end + 1].key != steps[end].key {
            if let key = steps[start].key, seen.insert(key).inserted,
                let found = steps[start].found ?? search.found(at: steps[start].tolerance)
            {
                result.append(
                    SymmetryRung(found: found, tolerances: steps[start].tolerance...steps[end].tolerance))
            }
            start = end + 1
        }
        return result
    }
}

/// What one tolerance gives.
private struct LadderStep {
    let tolerance: Double
    /// nil where none is, and where it was not asked for.
    let found: FoundSymmetry?
    let key: Key?

    /// What makes two results the same rung.
    struct Key: Hashable {
        let hallNumber: Int
        let orbits: [Int]

        init(_ found: FoundSymmetry) {
            (hallNumber, orbits) = (found.spaceGroup.hallNumber, found.orbits)
        }
    }
}

/// Asks spglib where the operations within the tolerance are others than at the tolerances that were asked for.
private struct LadderSearch {
    private let input: SymmetryInput
    private let operations: ToleranceOperations?
    private var answers: [ToleranceOperations.Set: Answer] = [:]

    private enum Answer {
        /// The group of all operations was found.
        case whole(LadderStep.Key?)
        /// Another was, which may depend on the tolerance.
        case other
    }

    /// By which spglib makes a tolerance smaller at which a lattice has too many rotations.
    private static let retreat = 0.95
    /// How often it does.
    private static let mostRetreats = 20

    init(_ input: SymmetryInput, _ tolerances: ClosedRange<Double>) {
        self.input = input
        operations = ToleranceOperations(
            input, upTo: tolerances.upperBound, exact: tolerances.lowerBound / 10)
    }

    /// nil where spglib finds no group: a tolerance between two rungs that is none.
    func found(at tolerance: Double) -> FoundSymmetry? {
        try? input.find(tolerance: tolerance, hallNumber: nil)
    }

    func asked(at tolerance: Double) -> LadderStep {
        let found = found(at: tolerance)
        return LadderStep(tolerance: tolerance, found: found, key: found.map(LadderStep.Key.init))
    }

    mutating func step(at tolerance: Double) -> LadderStep {
        guard let operations else { return asked(at: tolerance) }
        let set = operations.set(at: tolerance)
        // Beyond, an image has two atoms within the tolerance, and spglib may take the wrong one.
        let unambiguous = (input.closestOfKind?.distance ?? .infinity) - operations.deviation(of: set)
        guard tolerance < unambiguous, operations.isClear(at: tolerance) else {
            return asked(at: tolerance)
        }
        if case .whole(let key)? = answers[set] {
            return LadderStep(tolerance: tolerance, found: nil, key: key)
        }
        if operations.isCrowded(set), !operations.hasTranslations(set) {
            guard let smaller = uncrowded(below: tolerance, operations) else { return asked(at: tolerance) }
            return LadderStep(tolerance: tolerance, found: nil, key: step(at: smaller).key)
        }
        let step = asked(at: tolerance)
        if answers[set] == nil {
            let group = step.found?.spaceGroup
            let order = operations.order(of: set)
            let isWhole = group.map { $0.order / $0.centring.vectors.count == order } ?? false
            answers[set] = isWhole ? .whole(step.key) : .other
        }
        return step
    }

    /// The tolerance from which spglib, making it smaller step by step, goes on.
    private func uncrowded(below tolerance: Double, _ operations: ToleranceOperations) -> Double? {
        var smaller = tolerance
        for _ in 0..<Self.mostRetreats {
            smaller *= Self.retreat
            let set = operations.set(at: smaller)
            if !operations.isCrowded(set) { return operations.hasTranslations(set) ? nil : smaller }
        }
        return nil
    }
}
