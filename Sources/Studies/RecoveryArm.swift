import Crystallography
import Diffraction
import Foundation
import Parameterization

/// What is known beside pattern, composition and start.
package enum PriorKnowledge: String, Sendable, Hashable, CaseIterable {
    case none
    case family
    case spaceGroup = "space-group"
    case positions
}

/// Where an arm ended.
package struct ArmOutcome: Sendable {
    package var structure: CrystalStructure
    /// The objective along the way, best seen so far; empty for arms without iterations.
    package var path: [Double]
    /// What a person wants to know of the end.
    package var note: String
    /// Every structure on the way; empty unless the arm was asked to record them.
    package var trajectory: [CrystalStructure]

    package init(
        structure: CrystalStructure, path: [Double] = [], note: String = "",
        trajectory: [CrystalStructure] = []
    ) {
        (self.structure, self.path, self.note) = (structure, path, note)
        self.trajectory = trajectory
    }
}

/// A way from a distorted start to a structure. Arms see the reference's pattern, and of the reference itself only
/// what their prior knowledge names.
package protocol RecoveryArm: Sendable {
    /// As typed: `descent-family:cosine`.
    var name: String { get }
    var prior: PriorKnowledge { get }
    /// The similarity that is followed; empty for none.
    var objective: String { get }
    /// Whether `reference.observed` is looked at.
    var takesMeasuredPatterns: Bool { get }
    func run(_ start: CrystalStructure, _ sample: RecoverySample, reference: RecoveryReference) throws
        -> ArmOutcome
}

extension RecoveryArm {
    package var takesMeasuredPatterns: Bool { true }
}

/// The null arm that does nothing.
package struct NothingArm: RecoveryArm {
    package let name = "nothing"
    package let prior = PriorKnowledge.none
    package let objective = ""
    package init() {}

    package func run(_ start: CrystalStructure, _ sample: RecoverySample, reference: RecoveryReference)
        -> ArmOutcome
    {
        ArmOutcome(structure: start)
    }
}

/// The null arm that projects the start's cell on the crystal family once and looks at no pattern.
package struct ProjectOnceArm: RecoveryArm {
    package let name = "project-once"
    package let prior = PriorKnowledge.family
    package let objective = ""
    package init() {}

    package func run(_ start: CrystalStructure, _ sample: RecoverySample, reference: RecoveryReference)
        -> ArmOutcome
    {
        var result = start
        let projection = FamilyProjection(reference.reduced.spaceGroup.crystalFamily)
        result.lattice = projection(start.lattice)
        return ArmOutcome(structure: result)
    }
}
