import Crystallography
import Diffraction
import Parameterization
import Refinement

/// The last stage of a recovery from a pattern without noise: scale, lattice and coordinates together, unit weights.
struct ExactRefinement: Sendable {
    struct Refined: Sendable {
        var structure: ReducedStructure
        var rwp: Double
    }

    let pattern: ExactPattern
    let settings: ExactSettings.Refinement

    /// - Throws: what the refinement throws.
    func refine(_ structure: ReducedStructure) throws -> Refined {
        try WorkLimit.check()
        let (twoTheta, target) = (pattern.twoTheta, pattern.target)
        var model = PowderModel(
            phases: [.init(structure)], instrument: pattern.instrument,
            scatteringTable: pattern.scatteringTable, dispersion: pattern.dispersion)
        let calculated = try PowderCalculation(model, twoTheta: twoTheta).calculated
        let square = calculated.reduce(0) { $0 + $1 * $1 }
        guard square > 0 else { return Refined(structure: structure, rwp: 1) }
        model.phases[0].scale = zip(calculated, target).reduce(0) { $0 + $1.0 * $1.1 } / square
        var refinement = RietveldRefinement()
        refinement.iterations = settings.iterations
        refinement.convergence = settings.convergence
        let result = try refinement.refine(
            model, pattern: PowderPattern(twoTheta: twoTheta, intensity: target),
            weights: [Double](repeating: 1, count: target.count),
            free: ["scale"] + structure.parameters.map(\.name))
        return Refined(structure: result.model.phases[0].structure, rwp: result.statistics.rwp)
    }

    /// The best minima refined, until one reaches the goal.
    func refine(_ minima: [AtomSearch.Candidate]) throws -> [Refined] {
        var results: [Refined] = []
        for minimum in minima.prefix(settings.minima) {
            guard minimum.rwp < (results.isEmpty ? settings.sieve : settings.furtherSieve) else { continue }
            let result = try exchanged(try self.refine(minimum.structure))
            results += result
            if let last = result.last, last.rwp < settings.goal { break }
        }
        return results
    }

    /// A structure that fits well and not perfectly may have elements of like scattering power in each other's places:
    /// every exchange that fits better is followed. The best comes last.
    private func exchanged(_ found: Refined) throws -> [Refined] {
        var chain = [found]
        while let last = chain.last, last.rwp >= settings.goal, last.rwp < settings.exchangedBelow {
            var best = last
            for trial in ElementExchange(last.structure).exchanges.prefix(settings.exchanges) {
                let refined = try self.refine(trial.structure)
                if refined.rwp < best.rwp { best = refined }
                if refined.rwp < settings.goal { break }
            }
            guard best.rwp < last.rwp * settings.exchangeGain else { break }
            chain.append(best)
        }
        return chain
    }
}
