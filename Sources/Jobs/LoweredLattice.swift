import Foundation
import Indexing
import Recovery

/// A likely lattice as a special case of one of lower symmetry, fitted to the profile: what an angle of 90.1° is taken for by its lines.
package struct LoweredLattice: Sendable {
    /// With the lower type's cell.
    package var candidate: IndexJob.Candidate
    /// Place of the lattice in the list.
    package var parent: Int
    /// ln of how much likelier the profile makes it than the lattice itself.
    package var gain: Double

    fileprivate var sentence: String {
        let cell = candidate.lattice
        let (lengths, angles) = (cell.lengths, cell.angles)
        return String(
            format: "as %@ %.3f %.3f %.3f Å, %.2f %.2f %.2f°: ln K %.1f", candidate.cell.lattice.rawValue,
            lengths.x, lengths.y, lengths.z, angles.x, angles.y, angles.z, gain)
    }
}

extension IndexJob {
    /// One step down from each likely lattice, and further from those that the profile makes likelier.
    func lowered(
        _ candidates: [Candidate], _ profile: Profile, _ report: JobProgress.Sink
    ) throws -> [LoweredLattice] {
        var found: [LoweredLattice] = []
        let likely = candidates.indices.filter {
            candidates[$0].rwp != nil && candidates[$0].probability >= settings.solution.loweredProbability
        }
        for place in likely {
            var level = [LoweredLattice(candidate: candidates[place], parent: place, gain: 0)]
            for _ in 0..<settings.solution.loweredLevels {
                let next = try level.flatMap { try members(of: $0, profile) }
                for member in next { report(.step(member.sentence)) }
                found += next
                level = next.filter { $0.gain > 0 }
            }
        }
        return found
    }

    private func members(of higher: LoweredLattice, _ profile: Profile) throws -> [LoweredLattice] {
        guard !indexing.isExpired() else { return [] }
        let (lattice, cell) = (higher.candidate.cell.lattice, higher.candidate.lattice)
        let starts = LowerMetrics().members(of: lattice, cell).map { member in
            var candidate = higher.candidate
            candidate.cell = candidate.cell.lowered(member)
            candidate.lattice = member.cell
            return candidate
        }
        let fits = try ([higher.candidate] + starts).map { candidate in
            try Task.checkCancellation()
            return try profile.fitted(candidate)
        }
        let scores = profile.scores(fits)
        return zip(fits, scores).dropFirst().map { fit, score in
            LoweredLattice(
                candidate: fit.candidate, parent: higher.parent, gain: higher.gain + score - scores[0])
        }
    }
}
