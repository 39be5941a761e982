import Crystallography
import Diffraction
import Energies
import Foundation
import Parameterization
import Refinement

/// Lets a potential decide between structures that a pattern hardly tells apart: the other minima of the search, and those
/// in which two elements have changed places.
///
/// Every candidate is refined against the pattern and relaxed in its group at the refined cell, so that coordinates that
/// the pattern leaves loose do not count; the lowest Rwp + w · (energy per atom) wins.
package struct EnergyDecision: Sendable {
    package enum Weight: Sendable, Hashable {
        /// An eV per atom outweighs half of the best Rwp.
        case automatic
        /// Rwp (as a fraction) that an eV per atom outweighs.
        case fixed(Double)
    }

    package var potential: any InteratomicPotential
    package var weight: Weight
    /// Exchanges that are tried, the nearest atomic numbers first.
    package var exchanges = 12
    /// Candidates whose Rwp is more than so many times the best are left to the pattern.
    package var tie = 2.0
    /// Evaluations of a candidate's relaxation at most.
    package var evaluations = 60
    /// Share of the best Rwp that an eV per atom outweighs, where the weight is automatic.
    package var automaticShare = 0.5

    package init(_ potential: any InteratomicPotential, weight: Weight = .automatic) {
        (self.potential, self.weight) = (potential, weight)
    }

    package struct Candidate: Sendable {
        package var refinement: RietveldRefinement.Result
        /// eV per atom, relaxed at the refined cell.
        package var energyPerAtom: Double
        /// As the summary names it.
        package var name: String
        package var rwp: Double { refinement.statistics.rwp }
        package var structure: ReducedStructure { refinement.model.phases[0].structure }
    }

    package struct Outcome: Sendable {
        package var result: PowderResult
        /// Best first.
        package var candidates: [Candidate]
        package var sentences: [String]
    }

    package func decide(
        _ result: PowderResult, pattern: PowderPattern, weights: [Double],
        progress: RecoveryProgress = { _ in }
    ) throws -> Outcome {
        var candidates: [Candidate] = []
        var unrefined: [String] = []
        func consider(_ refinement: RietveldRefinement.Result, _ name: String) throws {
            let structure = refinement.model.phases[0].structure
            do {
                let energy = try relaxedEnergy(structure)
                candidates.append(Candidate(refinement: refinement, energyPerAtom: energy, name: name))
                progress(
                    String(
                        format: "%@: Rwp %.2f %%, %.3f eV/atom", name, 100 * refinement.statistics.rwp, energy
                    ))
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                // A potential may know nothing of a candidate; that is said, and the pattern decides.
                progress("\(name): no energy: \(error)")
            }
        }
        try consider(result.refinement, "the best fit")
        guard let first = candidates.first else {
            return Outcome(
                result: result, candidates: [],
                sentences: ["\(potential.name) has no energy for the best fit"])
        }
        var others = result.alternatives.enumerated().map {
            (structure: $0.element.structure, name: "minimum \($0.offset + 2)")
        }
        others += ElementExchange(result.structure, acrossPositions: true).exchanges.prefix(exchanges).map {
            (structure: $0.structure, name: $0.name)
        }
        for other in others {
            do {
                let refinement = try refined(other.structure, like: result.refinement, pattern, weights)
                if refinement.statistics.rwp <= tie * first.rwp { try consider(refinement, other.name) }
            } catch let error as DiffractionError {
                unrefined.append("\(other.name) could not be refined: \(error)")
            }
        }
        let share = share(of: first.rwp)
        func score(_ candidate: Candidate) -> Double { candidate.rwp + share * candidate.energyPerAtom }
        candidates.sort { score($0) < score($1) }
        var chosen = result
        let best = candidates[0]
        chosen.refinement = best.refinement
        chosen.structure = best.structure
        let sentences = candidates.dropFirst().map { other in
            String(
                format: "%@ was not chosen: Rwp %.2f %%, %+.3f eV/atom by %@", other.name, 100 * other.rwp,
                other.energyPerAtom - best.energyPerAtom, potential.name)
        }
        let verdict = String(
            format: "%@ has the lowest Rwp + %.3f · energy: Rwp %.2f %%, %.3f eV/atom by %@", best.name,
            share,
            100 * best.rwp, best.energyPerAtom, potential.name)
        return Outcome(result: chosen, candidates: candidates, sentences: [verdict] + sentences + unrefined)
    }

    /// The weight in numbers: Rwp (as a fraction) that an eV per atom outweighs.
    package func share(of rwp: Double) -> Double {
        switch weight {
        case .automatic: automaticShare * rwp
        case .fixed(let value): value
        }
    }

    private func relaxedEnergy(_ structure: ReducedStructure) throws -> Double {
        var relaxation = Relaxation()
        relaxation.relaxesCell = false
        relaxation.maximumEvaluations = evaluations
        return try relaxation.relax(structure, potential).last.evaluation.energyPerAtom
    }

    private func refined(
        _ structure: ReducedStructure, like best: RietveldRefinement.Result, _ pattern: PowderPattern,
        _ weights: [Double]
    ) throws -> RietveldRefinement.Result {
        var model = best.model
        model.phases[0].structure = structure
        let coordinates = Set(best.model.phases[0].structure.parameters.map(\.name))
        let others = best.refined.map(\.parameter.name).filter { !coordinates.contains($0) }
        var refinement = RietveldRefinement()
        refinement.bounds = RefinementBounds().ranges
        return try refinement.refine(
            model, pattern: pattern, weights: weights, free: others + structure.parameters.map(\.name))
    }
}
