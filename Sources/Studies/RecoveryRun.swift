import Crystallography
import Foundation
import NumericalMethods

/// One arm on one sample, and how it ended: a row of the store.
package struct RecoveryRun: Sendable {
    package var structure: String
    package var crystalSystem: String
    package var freeCoordinates: Int
    package var arm: String
    package var prior: String
    /// The similarity that the arm follows; empty for none.
    package var objective: String
    package var noise: String
    package var level: Double
    package var sample: Int
    /// nil where the arm failed; then `note` says why.
    package var measures: RecoveryMeasures?
    package var seconds: Double
    package var note: String
    /// Start and end as JSON: cell vectors in rows, species, fractional coordinates.
    package var start: String
    package var end: String
    /// JSON array of the best loss after every evaluation.
    package var path: String

    package init(
        structure: String, crystalSystem: String, freeCoordinates: Int, arm: String, prior: String,
        objective: String, noise: String, level: Double, sample: Int, measures: RecoveryMeasures?,
        seconds: Double, note: String, start: String, end: String, path: String
    ) {
        (self.structure, self.crystalSystem, self.freeCoordinates) = (
            structure, crystalSystem, freeCoordinates
        )
        (self.arm, self.prior, self.objective, self.noise) = (arm, prior, objective, noise)
        (self.level, self.sample, self.measures, self.seconds) = (level, sample, measures, seconds)
        (self.note, self.start, self.end, self.path) = (note, start, end, path)
    }

    /// The arm as reports name it: with its objective or its prior knowledge where there are several.
    package var armName: String {
        if arm == "wyckoff", prior != PriorKnowledge.positions.rawValue { return "\(arm)-\(prior)" }
        return objective.isEmpty ? arm : "\(arm):\(objective)"
    }
}

/// A structure as one line of JSON, to the last bit.
enum StructureLine {
    static func json(_ structure: CrystalStructure) -> String {
        let vectors = (0..<3).map { i in
            "[" + (0..<3).map { "\(structure.lattice.vectors[i, $0])" }.joined(separator: ",") + "]"
        }
        let sites = structure.sites.map { site in
            let species = site.occupants.map { "\($0.species.description)*\($0.occupancy)" }.joined(
                separator: "+")
            return "[\"\(species)\",\(site.position.x),\(site.position.y),\(site.position.z)]"
        }
        return "{\"lattice\":[\(vectors.joined(separator: ","))],\"sites\":[\(sites.joined(separator: ","))]}"
    }

    static func json(_ values: [Double]) -> String {
        "[" + values.map { $0.isFinite ? "\($0)" : "null" }.joined(separator: ",") + "]"
    }
}
