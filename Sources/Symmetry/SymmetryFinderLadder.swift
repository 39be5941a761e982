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
        var steps: [LadderStep] = []
        for tolerance in grid(tolerances.lowerBound...limit) {
            let step = LadderStep(input, tolerance)
            if let last = steps.last, last.key != step.key { steps += between(last, step, input, depth: 0) }
            steps.append(step)
        }
        return rungs(steps)
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
        _ a: LadderStep, _ b: LadderStep, _ input: SymmetryInput, depth: Int
    ) -> [LadderStep] {
        guard a.key != b.key, depth < 12, b.tolerance / a.tolerance > 1.02 else { return [] }
        let middle = LadderStep(input, (a.tolerance * b.tolerance).squareRoot())
        return between(a, middle, input, depth: depth + 1) + [middle]
            + between(middle, b, input, depth: depth + 1)
    }

    private static func rungs(_ steps: [LadderStep]) -> [SymmetryRung] {
        var result: [SymmetryRung] = []
        var seen = Set<LadderStep.Key>()
        var start = 0
        for end in steps.indices where end + 1 == steps.count || steps[end + 1].key != steps[end].key {
            if let found = steps[start].found, let key = steps[start].key, seen.insert(key).inserted {
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
    let found: FoundSymmetry?
    let key: Key?

    /// What makes two results the same rung.
    struct Key: Hashable {
        let hallNumber: Int
        let orbits: [Int]
    }

    init(_ input: SymmetryInput, _ tolerance: Double) {
        self.tolerance = tolerance
        found = try? input.find(tolerance: tolerance, hallNumber: nil)
        key = found.map { Key(hallNumber: $0.spaceGroup.hallNumber, orbits: $0.orbits) }
    }
}
