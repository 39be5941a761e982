import Crystallography
import ExplainedErrors
import Foundation
import NumericalMethods

/// Finds the lattices that explain the lines of a powder pattern: all 14 Bravais types, ranked by likelihood.
public struct Indexing: Sendable {
    /// What decides which lattices are proposed.
    public var settings = IndexingSettings()
    /// The Bravais types that are tried.
    public var lattices = BravaisLattice.allCases
    /// Windows of the volume of a lattice point, Å³, such as a composition allows; nil for whatever the lines allow.
    public var volumes: [ClosedRange<Double>]?
    /// Å³ of a formula unit, where the composition is known: a lattice point should hold a whole number of them.
    public var formulaVolume: Double?
    /// Å, the covalent radius of the largest atom, where the composition is known: a translation sets no two of them nearer.
    public var formulaRadius: Double?
    /// Threads at most; nil for one on each core. The result does not depend on it.
    public var jobs: Int?
    /// Whether the time is up: each Bravais type ends with what it has.
    package var isExpired: @Sendable () -> Bool = { false }
    /// Whether the time is up for lattices of many parameters: zeros far from 0 and a second phase, asked after them, need some.
    package var isObliqueExpired: @Sendable () -> Bool = { false }

    /// The standard search.
    public init() {}

    /// The lattices that explain the lines, likeliest first.
    ///
    /// - Throws: `IndexingError.tooFewLines`, `CancellationError`.
    public func index(
        _ lines: [IndexingLine], progress: @Sendable @escaping (String) -> Void = { _ in }
    ) async throws -> [IndexedCell] {
        let lines = Array(lines.sorted { $0.q < $1.q }.prefix(settings.lines))
        guard lines.count >= 4 else { throw IndexingError.tooFewLines(found: lines.count) }
        let found = try await parallelMap(lattices, width: jobs) { lattice in
            let kept = try kept(lattice, lines)
            progress("\(lattice.rawValue): \(kept.isEmpty ? "nothing" : "\(kept.count) lattices")")
            return kept
        }
        let whole = found.flatMap { $0 }
        let near = whole + derived(whole, lines, among: lattices)
        let cells = ranked(near, lines)
        guard lines.contains(where: { $0.zeroSlope > 0 }), !isExplained(by: cells) else {
            return cells
        }
        let weak = try await ofWeakLines(lines)
        progress("from weak lines: \(weak.isEmpty ? "nothing" : "\(weak.count) lattices")")
        let far = try await parallelMap(settings.farZeros, width: jobs) { try moved(lines, by: $0) }
        let others = far.flatMap { $0 }
        progress("zeros of \(zeroRange): \(others.isEmpty ? "nothing" : "\(others.count) lattices")")
        let mixed = try await ofStrongLines(lines)
        progress("of the strong lines alone: \(mixed.isEmpty ? "nothing" : "\(mixed.count) lattices")")
        return ranked(near + weak + others + mixed, lines)
    }

    /// Monoclinic and triclinic lattices whose axes are among the weak lines: those at low angles often are.
    private func ofWeakLines(_ lines: [IndexingLine]) async throws -> [ScoredLattice] {
        let shares = settings.foreignShares(lines)
        let weak = shares.prefix(settings.axisLines).filter {
            $0 >= settings.trialShare && $0 < settings.weakTrialShare
        }
        let oblique = lattices.filter { MetricForm($0).count > settings.farZeroParameters }
        guard !weak.isEmpty, !oblique.isEmpty else { return [] }
        var search = self
        search.settings.trialShare = settings.weakTrialShare
        let wider = search
        let found = try await parallelMap(oblique, width: jobs) { try wider.kept($0, lines) }.flatMap { $0 }
        return found + derived(found, lines, among: oblique)
    }

    /// Lattices of few parameters where a second phase has about as many lines: those that are not strong may be anyone's.
    private func ofStrongLines(_ lines: [IndexingLine]) async throws -> [ScoredLattice] {
        let highest = lines.compactMap(\.intensity).max() ?? 0
        let shared = lines.map { line in
            var line = line
            if (line.intensity ?? 0) < settings.mainPhaseIntensity * highest { line.probability /= 2 }
            return line
        }
        guard highest > 0, shared != lines else { return [] }
        let few = lattices.filter { MetricForm($0).count <= settings.farZeroParameters }
        let found = try await parallelMap(few, width: jobs) { try kept($0, shared) }.flatMap { $0 }
        return (found + derived(found, shared, among: few)).map { scored in
            var scored = scored
            scored.score += log(settings.secondPhaseShare)
            return scored
        }
    }

    private var zeroRange: String {
        "\(settings.farZeros.min() ?? 0) to \(settings.farZeros.max() ?? 0)°"
    }

    /// Whether the lines are explained, be it by lattices that they do not tell apart: other zeros or a second phase would not tell
    /// them apart either, nor whether a lattice is a sublattice.
    private func isExplained(by cells: [IndexedCell]) -> Bool {
        let limits = settings.verdict
        let odds = settings.probabilities(
            cells.map(\.score), volumes: cells.map(\.primitiveVolume), weakest: 0, isComposed: true)
        let explained = zip(cells, odds).filter { cell, _ in
            cell.figures.m >= limits.leastMerit && cell.unexplained.count <= limits.mostUnexplained
                && abs(cell.zero) <= limits.believedZero * settings.zeroUncertainty
        }
        return explained.reduce(0) { $0 + $1.1 } >= limits.decisive
    }

    /// Lattices of few parameters of the lines with a zero far from 0 (degrees 2θ) taken off.
    private func moved(_ lines: [IndexingLine], by zero: Double) throws -> [ScoredLattice] {
        let corrected = lines.map { $0.corrected(forZero: zero) }
        guard corrected.allSatisfy({ $0.q > 0 }) else { return [] }
        let few = lattices.filter { MetricForm($0).count <= settings.farZeroParameters }
        var search = self
        search.settings.baseLines = settings.farZeroBaseLines
        let found = try few.flatMap { try search.kept($0, corrected) }
        return (found + derived(found, corrected, among: few)).map { scored in
            var scored = scored
            scored.zero += zero
            scored.score -= settings.farZeroCost(scored.zero)
            return scored
        }
    }

    /// Å³ above which a lattice would predict so many lines that it explains anything: N lines up to Q stand for
    /// (4π/3) V Q^(3/2) reflections over the order of the holohedry.
    private func largestVolume(_ lattice: BravaisLattice, _ lines: [IndexingLine]) -> Double {
        let last = lines.last?.q ?? 1
        let predicted = Double(lines.count) / settings.leastObservedShare
        return predicted * Double(lattice.holohedryOrder) / (4 * .pi / 3 * pow(last, 1.5))
    }

    private func kept(_ lattice: BravaisLattice, _ lines: [IndexingLine]) throws -> [ScoredLattice] {
        let largest = largestVolume(lattice, lines)
        let evaluation = LatticeEvaluation(lines, settings)
        let isOblique = MetricForm(lattice).count > settings.farZeroParameters
        var kept: [ScoredLattice] = []
        for window in volumes ?? [settings.smallestVolume...max(largest, settings.smallestVolume)]
        where window.lowerBound < largest {
            let search = TrialSearch(
                lines, lattice, volumes: window.lowerBound...min(window.upperBound, largest), settings)
            var seen = SeenTrials(width: settings.sameTrial)
            /// Ends the trials of a type where the time is up.
            struct Expired: Error {}
            func take(_ trial: TrialLattice) throws {
                if Task.isCancelled { throw CancellationError() }
                if isExpired() || isOblique && isObliqueExpired() { throw Expired() }
                guard evaluation.isPromising(trial), seen.insert(trial),
                    let scored = evaluation.fitted(trial), scored.score > 0, allows(scored.trial),
                    !kept.contains(where: { $0.trial.isSame(as: scored.trial) })
                else { return }
                kept.append(scored)
                if kept.count >= 4 * settings.kept {
                    kept.sort { $0.score > $1.score }
                    kept.removeLast(kept.count - settings.kept)
                }
            }
            do {
                try search(take)
            } catch is Expired {
                break
            }
        }
        return Array(kept.sorted { $0.score > $1.score }.prefix(settings.kept))
    }

    /// Lattices that contain the best or are contained in them, with the highest symmetry that their metrics nearly have.
    private func derived(
        _ found: [ScoredLattice], _ lines: [IndexingLine], among types: [BravaisLattice]
    ) -> [ScoredLattice] {
        let evaluation = LatticeEvaluation(lines, settings)
        let metricSymmetry = MetricSymmetry(tolerance: settings.metricTolerance)
        let best = weighed(found).sorted { $0.score > $1.score }.prefix(settings.derived)
        return best.flatMap { scored in
            DerivativeLattices().lattices(of: scored.trial.reducedCell).compactMap {
                lattice -> ScoredLattice? in
                guard let trial = metricSymmetry.conventional(LatticeReduction(lattice).lattice),
                    types.contains(trial.lattice), allows(trial),
                    allows(trial.primitiveVolume)
                else { return nil }
                return evaluation.scored(trial, zero: scored.zero)
            }
        }
    }

    private func allows(_ volume: Double) -> Bool { volumes?.contains { $0.contains(volume) } ?? true }

    /// Whether a crystal may have its shortest translation.
    private func allows(_ trial: TrialLattice) -> Bool {
        settings.translationPrior(trial.shortestTranslation, radius: formulaRadius)
            > settings.impossibleVolume
    }

    /// With what translations are, and the composition says of the volume.
    private func weighed(_ found: [ScoredLattice]) -> [ScoredLattice] {
        found.map { scored in
            var scored = scored
            scored.score += settings.volumePrior(
                scored.trial.primitiveVolume, formula: formulaVolume, in: scored.trial.lattice)
            scored.score += settings.translationPrior(
                scored.trial.shortestTranslation, radius: formulaRadius)
            return scored
        }
    }

    /// The best description of each primitive lattice, with probabilities.
    private func ranked(_ found: [ScoredLattice], _ lines: [IndexingLine]) -> [IndexedCell] {
        let tolerance = settings.tolerances.last ?? 3.5
        let most = Int(Double(lines.count) / settings.leastObservedShare)
        var cells: [IndexedCell] = []
        for scored in weighed(found).sorted(by: { $0.score > $1.score }) {
            let cell = scored.cell(lines, tolerance: tolerance, most: most)
            // Of two descriptions of one lattice the likelier is taken: parameters that a symmetry saves count in the score.
            if cells.count < settings.kept, !cells.contains(where: { $0.isSameLattice(as: cell) }) {
                cells.append(cell)
            }
        }
        cells.sort { $0.score > $1.score }
        let probabilities = settings.probabilities(
            cells.map(\.score), volumes: cells.map(\.primitiveVolume),
            weakest: settings.weakest(lines), isComposed: formulaVolume != nil)
        for i in cells.indices { cells[i].probability = probabilities[i] }
        return cells
    }
}

extension ScoredLattice {
    /// As a cell, with its figures of merit; without lines none.
    fileprivate func cell(_ lines: [IndexingLine], tolerance: Double, most: Int) -> IndexedCell {
        let lines = lines.map { $0.corrected(forZero: zero) }
        let figures = FiguresOfMerit(trial, lines, tolerance: tolerance, most: most)
        let limit = (lines.last?.q ?? 0) * 1.01
        let predicted = PredictedLines(trial.lattice, trial.metric, upTo: limit, most: 2 * most)?.q ?? []
        let unexplained = lines.indices.filter { i in
            !predicted.contains { abs($0 - lines[i].q) <= tolerance * lines[i].qSigma }
        }
        return IndexedCell(
            lattice: trial.lattice, cell: trial.metric.lattice, zero: zero, score: score,
            figures: figures, unexplained: unexplained)
    }
}

/// Why lines cannot be indexed.
public enum IndexingError: ExplainedError, Hashable {
    /// Fewer lines than the parameters of a lattice need.
    case tooFewLines(found: Int)

    /// What went wrong and what to do.
    public var explanation: Explanation {
        switch self {
        case .tooFewLines(let found):
            Explanation(
                "\(found) lines are too few to find a lattice",
                remedy: "give a wider range or more lines, at least four")
        }
    }
}
