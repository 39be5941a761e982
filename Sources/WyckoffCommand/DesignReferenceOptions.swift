import ArgumentParser
import Evaluations
import Jobs
import Wyckoff

/// What relaxed successes are held against.
struct DesignReferenceOptions: ParsableArguments {
    @Option(
        help:
            "A set whose energies by CHGNet, relaxed, make the convex hull, in place of the known crystals of OQMD that the program has; may be repeated.",
        completion: .file())
    var hull: [String] = []

    @Option(
        help: "A set that holds what is not novel, compared structure by structure; may be repeated.",
        completion: .file())
    var reference: [String] = []

    @Option(
        help:
            "An SQLite file that keeps the energies of --hull and what is compared, for other runs and for validate.",
        completion: .file())
    var store: String?

    @Option(
        help:
            "eV/atom above the hull up to which a candidate counts as stable; where the geometry is CHGNet's those above are left out, inf keeps them."
    )
    var stableWithin = 0.1

    @Flag(
        help:
            "Whether the least energy in the symmetry is a saddle outside of it; where it is, the mode is followed and every target asked again in the lower group."
    )
    var checkSaddle = false

    @Flag(
        help:
            "Elastic constants by CHGNet of every success at its least energy, where no modulus is asked for either: shear modulus, Poisson's ratio, mechanical stability."
    )
    var elastic = false

    func validate() throws {
        guard stableWithin > -100 else { throw ValidationError("--stable-within takes eV/atom") }
    }

    func references(jobs: Int?) throws -> DesignReferences {
        var result = DesignReferences(survey: try survey(jobs: jobs), checksSaddle: checkSaddle)
        result.measuresElasticity = elastic
        return result
    }

    private func survey(jobs: Int?) throws -> StructureSurvey? {
        guard !hull.isEmpty || !reference.isEmpty else { return nil }
        var questions = SetEvaluation.Questions()
        questions.reference = reference
        questions.hull = hull
        if !hull.isEmpty {
            questions.energy = EnergyMethod(
                try PotentialCatalogue.potential(named: "chgnet"), relaxes: true)
        }
        return StructureSurvey(
            questions, store: try ValidationStore(path: store, resumes: true), jobs: jobs)
    }
}
