import Crystallography
import Design
import Energies
import Evaluations
import Matching
import NumericalMethods
import Parameterization
import Symmetry

/// What is known of a success beside the models' answers, at the geometry of its least energy.
package struct DesignInsight: Sendable {
    /// A to E hold there.
    package var isSuccess: Bool
    /// What the answers owe to the order of the atoms; nil where no shell of neighbours is cut.
    package var ties: TieSpread?
    /// Against what it could fall apart into; nil where an element has no energy.
    package var place: ReferenceHull.Place?
    /// The reference's crystal of its formula, group and number of atoms; nil where there is none.
    package var sameStructure: ReferenceCrystal?
    /// The reference's crystal of its formula with the least energy.
    package var sameFormula: ReferenceCrystal?
    /// The two elements that the fewest reference crystals hold together, and how many do.
    package var rarestPair: (elements: [Element], count: Int)?
    /// Index of the earlier candidate that it is like; nil where it is the first or this was not asked.
    package var duplicateOf: Int?
    /// Name of the record of `--reference` that it is like.
    package var knownRecord: String?

    /// GPa, by CHGNet at the least energy; nil where it was not asked or has none.
    package var bulkModulus: Double?
    /// By CHGNet at the least energy, ions at rest; nil where they were not asked for or there are none.
    package var elastic: ElasticConstants?
    /// µB a cell, the sizes of CHGNet's moments added; nil without any.
    package var magneticMoment: Double?
    /// Whether the least energy in the symmetry is a saddle outside of it; nil where it was not asked.
    package var isSaddle: Bool?
    /// Whether a mode outside of it gains less than CHGNet could tell; nil where it was not asked.
    package var isFlat: Bool?
    /// Where the mode leads.
    package var lower: Lower?

    /// The targets asked again in the lower group.
    package struct Lower: Sendable {
        package var structure: ReducedStructure
        /// eV/atom against the template's symmetry.
        package var energyChange: Double
        /// One for each predictor; nil of those that know the template only.
        package var values: [Double?]
        /// Every target that has an answer holds.
        package var isMet: Bool
        package var place: ReferenceHull.Place?
    }

    package init(isSuccess: Bool) { self.isSuccess = isSuccess }

    /// A to E in every order of tied neighbours.
    package var isMetInAll: Bool { isSuccess && ties?.isMetInAll != false }

    /// Near enough to the hull; nil without one.
    package func isStable(within limit: Double) -> Bool? { place.map { $0.aboveHull <= limit } }

    /// Neither the shipped reference nor the user's holds it.
    package var isNovel: Bool { sameStructure == nil && knownRecord == nil }

    /// All of it: the one that a chemist would look at.
    package func isBelievable(within limit: Double) -> Bool {
        isMetInAll && isStable(within: limit) == true
    }
}

/// The references that candidates are held against.
package struct DesignReferences: Sendable {
    /// Of the shipped crystals.
    package var hull: ReferenceHull
    package var knowledge: ReferenceKnowledge
    /// Sets of the user's own, for novelty and for the hull; nil where none is given.
    package var survey: StructureSurvey?
    /// Whether soft modes are looked for and followed.
    package var checksSaddle = false
    /// Whether elastic constants are measured where no modulus is a target, too.
    package var measuresElasticity = false

    package init(survey: StructureSurvey? = nil, checksSaddle: Bool = false) {
        self.checksSaddle = checksSaddle
        (hull, knowledge, self.survey) = (ReferenceHull(), ReferenceKnowledge(), survey)
    }

    /// - Parameter candidates: at the geometry of their least energy.
    func insights(
        on candidates: [(candidate: DesignCandidate, verdict: StabilityJudge.Relaxation)?],
        by evaluator: DesignEvaluator, judge: StabilityJudge, jobs: Int?,
        progress: @escaping SetEvaluation.Progress
    ) async throws -> [DesignInsight?] {
        let references = self
        var insights = try await parallelMap(candidates, width: jobs) { entry in
            try entry.map {
                try references.insight(on: $0.candidate, $0.verdict, by: evaluator, judge)
            }
        }
        guard let survey else { return insights }
        let places = candidates.indices.filter { candidates[$0] != nil }
        let findings = try await survey.run(
            places.compactMap { candidates[$0]?.candidate.structure.expanded() }, progress: progress)
        for (place, finding) in zip(places, findings) {
            insights[place]?.duplicateOf = finding.duplicateOf.map { places[$0] }
            insights[place]?.knownRecord = finding.known
            if let stability = finding.stability {
                insights[place]?.place = stability.aboveHull.map {
                    ReferenceHull.Place(
                        aboveHull: $0,
                        decomposition: stability.decomposition.map(\.name).joined(separator: " + "),
                        competitors: stability.competitors)
                }
            }
        }
        return insights
    }

    /// Whether the least energy is one outside of the symmetry, too, and the targets asked again where it is not.
    private func follow(
        _ candidate: DesignCandidate, by evaluator: DesignEvaluator, _ judge: StabilityJudge,
        _ insight: inout DesignInsight
    ) throws {
        guard let mode = try judge.softMode(candidate.structure) else { return }
        (insight.isSaddle, insight.isFlat) = (false, false)
        if case .flat = mode { insight.isFlat = true }
        guard case .leads(let lower) = mode else { return }
        insight.isSaddle = true
        let values = try evaluator.answers(on: lower.structure)
        insight.lower = DesignInsight.Lower(
            structure: lower.structure, energyChange: lower.energyChange, values: values,
            isMet: evaluator.areMet(values, moments: lower.magneticMoments),
            place: hull.place(of: lower.structure.expanded().composition, energy: lower.energy))
    }

    /// Å, within which the group of a relaxed candidate is looked for: as that of the reference's crystals was.
    private static let tolerance = 0.01

    private func insight(
        on candidate: DesignCandidate, _ verdict: StabilityJudge.Relaxation, by evaluator: DesignEvaluator,
        _ judge: StabilityJudge
    ) throws -> DesignInsight {
        let structure = candidate.structure.expanded()
        var insight = DesignInsight(isSuccess: candidate.isSuccess)
        if candidate.isSuccess { insight.ties = try evaluator.tieSpread(candidate) }
        insight.place = hull.place(of: structure.composition, energy: verdict.energy)
        insight.magneticMoment = evaluator.problem.magneticMoment(of: verdict.magneticMoments)
        if candidate.isSuccess {
            let problem = evaluator.problem
            if problem.space.orbitCount <= problem.settings.budget.mostRankedOrbits {
                insight.bulkModulus = try judge.bulkModulus(candidate.structure)
                if measuresElasticity || problem.targets.contains(where: \.isOfElasticity) {
                    insight.elastic = try judge.elasticConstants(candidate.structure)
                }
            }
            if checksSaddle { try follow(candidate, by: evaluator, judge, &insight) }
        }
        insight.rarestPair = knowledge.rarestPair(in: structure.composition)
        guard let (group, atoms) = Self.symmetry(of: structure) else { return insight }
        let known = knowledge.known(Formula(structure).reduced.text(), spaceGroup: group, atoms: atoms)
        insight.sameStructure = known.first { $0.spaceGroup == group && $0.atoms == atoms }
        insight.sameFormula = known.min { $0.energy < $1.energy }
        return insight
    }

    /// The number of the group and the atoms of the primitive cell; nil where atoms stand on top of one another.
    private static func symmetry(of structure: CrystalStructure) -> (group: Int, atoms: Int)? {
        do {
            let found = try SymmetryFinder.find(in: structure, tolerance: tolerance)
            return (found.spaceGroup.number, structure.sites.count / max(1, found.copies))
        } catch {
            return nil
        }
    }
}
