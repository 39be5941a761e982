import Crystallography
import Diffraction
import Foundation
import Parameterization
import Refinement

/// The structures in which two elements that the radiation hardly tells apart have changed places, refined: rivals of every
/// fit.
package struct ExchangedElements {
    /// Exchanges that are refined.
    var limit = 6
    /// Electrons of the heavier of two elements for each of the lighter one's, from which on X-rays tell them apart: Pb and S
    /// need no trial, O and F do.
    var distinctRatio = 1.5
    var iterations = 20

    package init() {}

    package func callAsFunction(
        _ result: PowderRecovery.Result, pattern: PowderPattern, weights: [Double]
    ) throws -> [PowderRecovery.Alternative] {
        let best = result.refinement
        let isNeutron = best.model.instrument.radiation.probe == .neutron
        let names = best.refined.map(\.parameter.name)
        var refinement = RietveldRefinement()
        refinement.iterations = iterations
        refinement.convergence = 1e-4
        refinement.bounds = ["W": 1e-6...100, "X": 0...10, "Y": 0...10, "*.B": 0...15]
        return try EnergyDecision.exchanged(result.structure, limit: .max).filter {
            isNeutron || isAlike(result.structure, $0.structure)
        }.prefix(limit).map { exchanged, _ in
            try Task.checkCancellation()
            var model = best.model
            model.phases[0].structure = exchanged
            // Labels have moved with the elements, so the names of coordinates mean the same positions no more.
            let own = Set(result.structure.parameters.map(\.name))
            let free = names.filter { !own.contains($0) } + exchanged.parameters.map(\.name)
            let fit = try refinement(model, pattern: pattern, weights: weights, free: free)
            let structure = fit.model.phases[0].structure
            return PowderRecovery.Alternative(
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
            return max(numbers[0], numbers[1]) < distinctRatio * min(numbers[0], numbers[1])
        }
    }
}
