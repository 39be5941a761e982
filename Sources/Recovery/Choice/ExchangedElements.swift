import Crystallography
import Diffraction
import Foundation
import Parameterization
import Refinement

/// The structures in which two elements that the radiation hardly tells apart have changed places, refined: rivals of every
/// fit.
package struct ExchangedElements {
    package var settings = RecoverySettings.Rivals()
    package var bounds = RefinementBounds()

    package init(
        settings: RecoverySettings.Rivals = RecoverySettings.Rivals(),
        bounds: RefinementBounds = RefinementBounds()
    ) {
        (self.settings, self.bounds) = (settings, bounds)
    }

    package func alternatives(
        to result: PowderResult, pattern: PowderPattern, weights: [Double]
    ) throws -> [PowderAlternative] {
        let best = result.refinement
        let isNeutron = best.model.instrument.radiation.probe == .neutron
        let names = best.refined.map(\.parameter.name)
        var refinement = RietveldRefinement()
        refinement.iterations = settings.iterations
        refinement.convergence = settings.convergence
        refinement.bounds = bounds.ranges
        return try ElementExchange(result.structure, acrossPositions: true).exchanges.filter {
            isNeutron || isAlike(result.structure, $0.structure)
        }.prefix(settings.exchanges).map { exchange in
            let exchanged = exchange.structure
            try WorkLimit.check()
            var model = best.model
            model.phases[0].structure = exchanged
            // Labels have moved with the elements, so the names of coordinates mean the same positions no more.
            let own = Set(result.structure.parameters.map(\.name))
            let free = names.filter { !own.contains($0) } + exchanged.parameters.map(\.name)
            let fit = try refinement.refine(model, pattern: pattern, weights: weights, free: free)
            let structure = fit.model.phases[0].structure
            return PowderAlternative(
                structure: structure, rwp: fit.statistics.rwp,
                shortestContact: Contacts(structure).shortestShare)
        }
    }

    /// Whether what has changed places scatters alike.
    private func isAlike(_ a: ReducedStructure, _ b: ReducedStructure) -> Bool {
        zip(a.orbits, b.orbits).allSatisfy { first, second in
            let numbers = [first, second].map {
                Double($0.occupants.first?.species.element.atomicNumber ?? 1)
            }
            return max(numbers[0], numbers[1]) < settings.distinctRatio * min(numbers[0], numbers[1])
        }
    }
}
