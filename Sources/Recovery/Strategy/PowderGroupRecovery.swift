import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Refinement
import Symmetry

/// Recovery from a measured pattern where the group is not known.
///
/// Each lattice centring gives a cell by positions; free intensities say which centrings, and in their cells which groups'
/// absences, the pattern allows. Of the groups that are left, the ways in which the composition fills their positions are
/// ranked by the start, the best of each held against the intensities, the best of these refined. Where groups fit
/// alike, the one with fewer free coordinates is taken: one per cent of Rwp for each.
extension PowderRecovery {
    /// - Parameters:
    ///   - pattern: restricted to the range that is to be used.
    ///   - weights: one for each point; 0 leaves a point out.
    ///   - start: all atoms of a conventional cell, on the axes and about the origin of the groups' settings.
    ///   - groups: those that it may be, of one crystal family.
    /// - Throws: `RecoveryError` where too few lines stand out, or none of the groups has a cell that explains them or
    ///   positions that the composition can fill.
    public func callAsFunction(
        _ pattern: PowderPattern, weights: [Double], start: CrystalStructure, in groups: [SpaceGroup],
        progress: @escaping Progress = { _ in }
    ) throws -> Result {
        guard let group = groups.first else { throw RecoveryError.noCell }
        let free = LatticeParameters(of: start.lattice, in: group).names.count
        let lines = try Lines(
            pattern, weights: weights, radiation: instrument.radiation, atLeast: free + 1, progress: progress)
        var results: [Result] = []
        let cells = try cells(lines, around: start.lattice, in: groups, progress: progress)
        let best = cells.map(\.cell.fit.rwp).min() ?? 1
        for (cell, groups) in cells {
            let left = allowed(groups, cell, lines, progress)
            let starts = starts(start, in: left, lattice: cell.fit.lattice.lattice)
            guard !starts.isEmpty else { continue }
            let result = try placedAndRefined(
                starts, cell: cell, pattern: pattern, weights: weights, lines: lines, progress: progress)
            results.append(result)
            // A lattice with fewer centring vectors can only have more lines and more parameters: nothing is left for it
            // where the structure leaves hardly more than the best free intensities do.
            if result.statistics.rwpBackgroundSubtracted < 1.25 * best + 0.01 { break }
        }
        let ranked = results.sorted { Self.isBetter($0, than: $1) }
        guard var first = ranked.first else { throw RecoveryError.noPositions }
        first.alternatives += ranked.dropFirst().flatMap { [Self.alternative($0)] + $0.alternatives }
        return try SymmetryDecision(
            recovery: self, pattern: pattern, weights: weights, lines: lines, progress: progress)(first)
    }

    /// What a group cannot have (a cell, positions that the atoms fill, this structure) leaves it out of the choice; what
    /// else goes wrong, a run that is cancelled too, is no answer.
    func possible<R>(_ body: () throws -> R) throws -> R? {
        do {
            return try body()
        } catch {
            guard error is RecoveryError || error is SymmetryFinderError || error is ReductionError else {
                throw error
            }
            return nil
        }
    }

    static func alternative(_ result: Result) -> Alternative {
        Alternative(
            structure: result.structure, rwp: result.statistics.rwp,
            shortestContact: Contacts(result.structure).shortestShare)
    }

    /// Sane contacts first; then the lower Rwp, a hundredth of it allowed for each parameter that the other has more.
    package static func isBetter(_ a: Result, than b: Result) -> Bool {
        func sane(_ r: Result) -> Bool { Contacts(r.structure).shortestShare >= Contacts.sane }
        if sane(a) != sane(b) { return sane(a) }
        func score(_ r: Result) -> Double {
            ParameterPenalty.score(r.statistics.rwp, parameters: r.structure.degreesOfFreedom)
        }
        return score(a) < score(b)
    }

    /// The cells of the centrings that the pattern allows, with their groups.
    private func cells(_ lines: Lines, around start: Lattice, in groups: [SpaceGroup], progress: Progress)
        throws
        -> [(cell: Cell, groups: [SpaceGroup])]
    {
        let classes = CentringClass.classes(of: groups)
        var found: [(cell: Cell, groups: [SpaceGroup])] = []
        for centring in classes {
            progress("cells with the lattice of \(centring.widest.compactSymbol)")
            let cell = try possible {
                try self.cell(lines, around: start, in: centring.widest, progress: progress)
            }
            if let cell { found.append((cell, centring.groups)) }
        }
        guard let best = found.map(\.cell.fit.rwp).min() else { throw RecoveryError.noCell }
        // Four times as many lines explain an impurity's, too: what the structure then leaves decides.
        return found.filter { $0.cell.fit.rwp < max(best + 0.03, 2 * best) }
    }

    /// The groups whose absences hold, those that explain the most absences first, of these the highest symmetry.
    private func allowed(_ groups: [SpaceGroup], _ cell: Cell, _ lines: Lines, _ progress: Progress)
        -> [SpaceGroup]
    {
        let left = absences(cell, lines)(groups)
        let names = left.map(\.group.compactSymbol).joined(separator: ", ")
        progress("absences leave \(names) of \(groups.count) groups")
        return left.sorted { ($0.absent, $0.group.order) > ($1.absent, $1.group.order) }.map(\.group)
    }

    /// Noise and what else the sample holds are fitted by lines that a group forbids, too: a few per cent of R say nothing.
    private func absences(_ cell: Cell, _ lines: Lines) -> AbsenceScreen {
        let (data, profile) = (lines.data, cell.fit.profile)
        let shortest = instrument.radiation.shortestWavelength
        let s = sin((data.twoTheta.last ?? 0) * .pi / 360) / shortest
        return AbsenceScreen(cell.fit.lattice, reciprocalLimit: s * s, slack: 0.003, factor: 1.04) { q in
            let columns = q.compactMap {
                profile.column(q: $0, radiation: data.radiation, grid: data.twoTheta)
            }
            return AbsenceScreen.unexplained(columns, of: data.net, weights: data.weights)
        }
    }

    /// The likeliest ways to fill the positions of every group, those of likely groups first.
    private func starts(_ start: CrystalStructure, in groups: [SpaceGroup], lattice: Lattice)
        -> [ReducedStructure]
    {
        var placed = start
        placed.lattice = lattice
        let kept = groups.prefix(groupsKept)
        return kept.flatMap { group in
            var assignment = WyckoffAssignment()
            assignment.seed = seed
            assignment.kept = 40
            assignment.combined = 4000
            return assignment(placed, in: group, best: max(12, 160 / kept.count)).structures
        }
    }
}
