import Crystallography
import Diffraction
import NumericalMethods
import Parameterization
import Testing

import Recovery
import Refinement

/// A recovery that is cancelled throws: half a search is no answer (REVIEW.md, 4).
@Suite struct CancellationTests {
    /// Runs the body in a task that is cancelled already.
    private static func cancelled<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
        try await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try body()
        }.value
    }

    @Test("the search for cells throws")
    func cells() async throws {
        await #expect(throws: CancellationError.self) {
            try await Self.cancelled {
                let structure = try Crystals.all()[0]
                let simulated = try SimulatedPattern(structure)
                let peaks = PeakSearch()(simulated.pattern, radiation: simulated.instrument.radiation).peaks
                let prior = CellPrior(around: structure.lattice, spread: 0.1, in: structure.spaceGroup)
                let list = ReflectionList(
                    operations: structure.spaceGroup.operations,
                    reciprocalMetric: structure.lattice.reciprocalMetric, limit: 0.1)
                return try CellSearch()(
                    peaks: peaks, prior: prior, reflections: list.indices,
                    wavelength: simulated.instrument.radiation.lines[0].wavelength
                ).count
            }
        }
    }

    @Test(
        "the comparison with a reference throws, cancelled or out of time, and says neither match nor distance"
    )
    func referenceComparison() async throws {
        await #expect(throws: CancellationError.self) {
            try await Self.cancelled {
                let structure = try Crystals.all()[0]
                return try ReferenceComparison(structure, reference: structure.expanded()).isMatch
            }
        }
        let structure = try Crystals.all()[0]
        #expect(throws: CancellationError.self) {
            try WorkLimit(everything: ContinuousClock().now).run {
                try ReferenceComparison(structure, reference: structure.expanded()).isMatch
            }
        }
        #expect(try ReferenceComparison(structure, reference: structure.expanded()).isMatch)
    }

    @Test("a recovery with the group, and with the family alone, throws")
    func recoveries() async throws {
        for isFamilyOnly in [false, true] {
            await #expect(throws: CancellationError.self) {
                try await Self.cancelled {
                    let structure = try Crystals.all()[0]
                    let simulated = try SimulatedPattern(structure)
                    let recovery = PowderRecovery(instrument: simulated.instrument)
                    let weights = PowderRecovery.weights(of: simulated.pattern)
                    if isFamilyOnly {
                        return try recovery.recover(
                            simulated.pattern, weights: weights, start: structure.expanded(),
                            in: structure.spaceGroup.crystalFamily.spaceGroups
                        ).statistics.rwp
                    }
                    return try recovery.recover(simulated.pattern, weights: weights, starts: [structure])
                        .statistics
                        .rwp
                }
            }
        }
    }
}
