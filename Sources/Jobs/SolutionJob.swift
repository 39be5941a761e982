import CrystalFiles
import Crystallography
import Diffraction
import ExplainedErrors
import ExtinctionSymbols
import Foundation
import Indexing
import NumericalMethods
import Parameterization
import Recovery
import Refinement
import Symmetry

/// From a composition and a pattern to a structure with its proof: lattice, extinction symbol, formula units, positions, atoms.
///
/// Cells, numbers of formula units and symbols are tried in the order of their probability beside the time that they take
/// (`SolutionSchedule`), until a structure is proven or the time is up.
package struct SolutionJob: Job {
    package var measurement: Measurement
    package var formula: Formula
    /// Whether elements were said to share without numbers, so that equal shares are assumed: no proof is made of that.
    package var assumesShares = false
    /// Structure types whose ways are tried first; without them nothing is remembered.
    package var types = StructureTypes.none
    /// The cell, where it is known; else it is found.
    package var cell: CellAxes?
    /// The group, where it is known; on the axes of the cell.
    package var spaceGroup: SpaceGroup?
    /// Formula units in the conventional cell, where they are known.
    package var units: Int?
    package var indexing = Indexing()
    /// Phases of the sample beside the one that is looked for.
    package var also: [NamedRecord] = []
    /// Seconds after which it ends with what it has; shares of it for searches and proof are in the settings.
    package var timeLimit = 600.0
    package var seed: UInt64 = 1
    /// Decides between structures that the pattern hardly tells apart; nil leaves it to the pattern.
    package var energy: EnergyDecision?
    package var settings = RecoverySettings()
    /// Whether, and which, texture is looked for in what is found; without energies.
    package var orientation: OrientationQuestion?
    /// To compare with; it takes no part.
    package var reference: NamedRecord?

    /// Whether a formula as it was written has elements between commas without numbers.
    package static func assumesShares(_ text: String) -> Bool {
        text.contains(/[(\[][A-Za-z]+(,[A-Za-z]+)+[)\]]/)
    }

    package init(_ measurement: Measurement, formula: Formula) {
        (self.measurement, self.formula) = (measurement, formula)
    }

    /// A structure that was refined on the way.
    package struct Candidate: Sendable {
        package var result: PowderRecovery.Result
        package var units: Int

        package var structure: ReducedStructure { result.structure }

        /// Formula units in the cell of another result, which may be larger or smaller.
        func units(in other: PowderRecovery.Result) -> Int {
            let cells = other.structure.lattice.volume / structure.lattice.volume
            return max(1, Int((cells * Double(units)).rounded()))
        }
    }

    package struct Outcome: Sendable {
        /// The best with its verdict; nil where no structure was found at all.
        package var recovery: RecoveryOutcome?
        /// Whether every clause of the proof holds.
        package var isSolved: Bool { recovery?.isProven ?? false }
        /// Every refined structure, best first.
        package var candidates: [Candidate]
        /// The lattices; empty where the cell was given.
        package var lattices: [IndexJob.Candidate]
        /// Why there is no structure; nil where there is.
        package var trouble: String?
        package var seconds: Double
    }

    package func run(reporting report: @escaping JobProgress.Sink) async throws -> Outcome {
        let clock = ContinuousClock()
        let begin = clock.now
        let reading = try measurement.reading()
        for remark in measurement.wavelengthRemarks { report(.remark(remark)) }
        if let shared = SharedPositions(formula, settings.solution) { report(.remark(shared.sentence)) }
        let known = try KnownPhases(also).contribution(to: reading, settings: settings) { report(.step($0)) }
        let expiry = begin + .seconds((settings.solution.timeShares.first ?? 1) * timeLimit)
        let (lattices, lowered) = cell == nil ? try await indexed(begin, until: expiry, report) : ([], [])
        var search = Search(
            job: self, reading: reading, known: known, lattices: lattices,
            deadlines: settings.solution.timeShares.map { begin + .seconds($0 * timeLimit) },
            end: begin + .seconds(timeLimit))
        try search.tries(try starts(lattices, lowered), report)
        try search.concludes(report)
        try Task.checkCancellation()
        return search.outcome(seconds: begin.duration(to: clock.now) / .seconds(1))
    }

    private func indexed(
        _ begin: ContinuousClock.Instant, until expiry: ContinuousClock.Instant,
        _ report: @escaping JobProgress.Sink
    ) async throws -> (lattices: [IndexJob.Candidate], lowered: [LoweredLattice]) {
        var job = IndexJob(.pattern(measurement))
        job.indexing = indexing
        job.indexing.isExpired = { ContinuousClock().now >= expiry }
        let oblique = begin + begin.duration(to: expiry) * settings.solution.obliqueShare
        job.indexing.isObliqueExpired = { ContinuousClock().now >= oblique }
        job.formula = formula
        (job.also, job.settings, job.lowersMetrics) = (also, settings, true)
        let outcome = try await job.run(reporting: report)
        let lattices = zip(outcome.candidates, outcome.probabilities(indexing.settings)).map {
            candidate, probability in
            var candidate = candidate
            candidate.probability = probability
            return candidate
        }
        return (lattices, outcome.lowered)
    }

    // MARK: What is tried

    /// A cell with a number of formula units.
    struct Start {
        var axes: CellAxes
        var zero: Double
        /// As indexing found it; nil where the cell was given.
        var lattice: IndexJob.Candidate?
        var units: Int
        /// That cell and units are these, up to a factor.
        var weight: Double
        /// Likelihood of the units beside the cell's likeliest ones.
        var unitsShare: Double
        /// Whether the lattice has been taken for a special case of one of lower symmetry.
        var isLowered = false
    }

    /// Cells and formula units, the likeliest first.
    private func starts(_ lattices: [IndexJob.Candidate], _ lowered: [LoweredLattice]) throws -> [Start] {
        if let cell { return starts(cell, nil) }
        var all = try lattices.prefix(settings.solution.cells).flatMap { candidate in
            do {
                let axes = try CellAxes(candidate.lattice, lattice: candidate.cell.lattice)
                return starts(axes, candidate)
            } catch let error as any ExplainedError {
                throw FileProblem(file: measurement.name, error.explanation)
            }
        }
        for member in lowered { all += try starts(member, of: lattices[member.parent]) }
        return all.sorted { $0.weight > $1.weight }
    }

    /// A likely lattice as a special case of one of lower symmetry: its metric may be an accident, or nearly one.
    ///
    /// - Parameter parent: the lattice as it is listed, which stands for it in what is asked of lattices.
    private func starts(_ lowered: LoweredLattice, of parent: IndexJob.Candidate) throws -> [Start] {
        let solution = settings.solution
        let axes = try CellAxes(lowered.candidate.lattice, lattice: lowered.candidate.cell.lattice)
        let factor = min(
            solution.loweredGain, max(solution.loweredWeight, exp(solution.odds * lowered.gain)))
        return starts(axes, parent).map { start in
            var start = start
            start.zero = lowered.candidate.zero
            start.weight *= factor
            start.isLowered = true
            return start
        }
    }

    private func starts(_ axes: CellAxes, _ lattice: IndexJob.Candidate?) -> [Start] {
        let probability = max(lattice?.probability ?? 1, settings.solution.leastProbability)
        let weights = unitsWeights(axes)
        let highest = weights.map(\.weight).max() ?? 1
        return weights.map { units, weight in
            Start(
                axes: axes, zero: lattice?.zero ?? 0, lattice: lattice, units: units,
                weight: pow(probability * weight, settings.solution.odds), unitsShare: weight / highest)
        }
    }

    /// Formula units that a cell may hold, with their probability up to a factor that is the same for all cells.
    package func unitsWeights(_ axes: CellAxes) -> [(units: Int, weight: Double)] {
        if let units { return [(units, 1)] }
        let solution = settings.solution
        let known = AtomicVolumes.volume(of: formula)
        let volume = known ?? formula.parts.reduce(0) { $0 + $1.count } * solution.usualAtom
        let most = max(1, Int((known == nil ? 6 : 2.5) * axes.cell.volume / volume))
        // Where the centring is known, each lattice point has as many.
        let points = axes.centrings.count == 1 ? axes.centrings[0].vectors.count : 1
        let usual = known == nil ? 1 : indexing.settings.volumeDensity(0)
        let numbers = stride(from: points, through: max(points, most), by: points).map { units in
            let deviation = log(axes.cell.volume / (Double(units) * volume))
            let density =
                known == nil
                ? exp(-pow(deviation / solution.usualAtomSpread, 2) / 2)
                : indexing.settings.volumeDensity(deviation)
            let prior = indexing.settings.unitsPrior(units / points, in: axes.family)
            return (units: units, density: density, weight: prior * density / usual)
        }
        // Pyrite has four units in what should hold three: rare by its volume, but threes are rare, too. FePO4 as quartz has three in what
        // should hold four. What the volume, or all that is known, leaves likely is tried.
        let densest = numbers.map(\.density).max() ?? 0
        let highest = numbers.map(\.weight).max() ?? 0
        return numbers.filter {
            $0.density >= solution.unitsShare * densest || $0.weight >= solution.unitsShare * highest
        }.map { ($0.units, $0.weight) }
    }

    /// What fills the cell: each element on positions of its own, where its numbers are whole; where the formula's are not, elements
    /// that share positions or leave some empty; where they are, those that scatter alike mixed.
    func fillings(_ units: Int) -> [[CompositionAssignment.Part]] {
        let shared = SharedPositions(formula, settings.solution).map { shared in
            shared.fillings.map { CompositionAssignment.Part($0.occupants, count: $0.count * units) }
        }
        let own = formula.parts.map { ($0.symbol, $0.count * Double(units)) }
        guard own.allSatisfy({ abs($0.1 - $0.1.rounded()) < 1e-6 }) else {
            return [shared].compactMap(\.self)
        }
        let ordered = own.compactMap { symbol, count in
            Species(symbol: symbol).map {
                CompositionAssignment.Part([Occupant($0)], count: Int(count.rounded()))
            }
        }
        let mixed = SharedPositions(mixingAlike: formula, settings.solution).map { mixed in
            mixed.fillings.map { CompositionAssignment.Part($0.occupants, count: $0.count * units) }
        }
        return [shared, ordered, mixed].compactMap(\.self)
    }
}
