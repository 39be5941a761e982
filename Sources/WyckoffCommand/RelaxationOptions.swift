import ArgumentParser
import Jobs
import Wyckoff

/// What moves in a relaxation, and when it ends.
struct RelaxationOptions: ParsableArguments {
    enum Symmetry: String, ExpressibleByArgument { case keep, none }

    @Option(help: "eV/Å: converged where no atom feels more.")
    var fmax = 0.01

    @Option(help: "GPa: converged where no component of stress, against the pressure, is larger.")
    var smax = 0.05

    @Flag(help: "Hold the cell.")
    var fixCell = false

    @Flag(help: "Hold the fractional coordinates.")
    var fixPositions = false

    @Option(help: "Hydrostatic pressure, GPa.")
    var pressure = 0.0

    @Option(help: "keep or none.")
    var symmetry = Symmetry.keep

    @Option(
        help:
            "Å within which the group is found that is kept: what rounding leaves, so that no symmetry comes in that the start only nearly has."
    )
    var tolerance = 0.01

    @Option(help: "Evaluations at most.")
    var maxEvaluations = 1000

    @Flag(help: "Look for the softest mode that breaks the group; where it is soft, relax along it.")
    var checkSaddle = false

    @Flag(
        help:
            "Elastic constants at the minimum, ions relaxed under each strain; moduli, and whether it is mechanically stable."
    )
    var elastic = false

    @Option(help: "Largest strain of --elastic, to both sides of the minimum.")
    var elasticStrain = ElasticSettings().strain

    func validate() throws {
        guard fmax > 0, smax > 0 else { throw ValidationError("--fmax and --smax take positive numbers") }
        guard tolerance > 0, tolerance < 1 else { throw ValidationError("--tolerance takes 0 to 1 Å") }
        guard pressure.isFinite, abs(pressure) < 10_000 else {
            throw ValidationError("--pressure takes GPa, at most 10000")
        }
        guard maxEvaluations > 0 else { throw ValidationError("--max-evaluations takes a positive number") }
        if fixCell && fixPositions {
            throw ValidationError("--fix-cell and --fix-positions leave nothing to relax; give one of them")
        }
        if elastic && (fixCell || fixPositions) {
            throw ValidationError(
                "--elastic measures at a minimum of cell and positions; leave out --fix-cell and --fix-positions"
            )
        }
        guard elasticStrain > 0, elasticStrain <= 0.1 else {
            throw ValidationError("--elastic-strain takes a part of the lengths up to 0.1")
        }
        if fixCell && pressure != 0 { throw ValidationError("--pressure has no effect with --fix-cell") }
    }

    func job(_ records: [CrystalRecord], _ potential: any InteratomicPotential) -> RelaxationJob {
        var job = RelaxationJob(records, potential)
        job.relaxation.forceTolerance = fmax
        job.relaxation.stressTolerance = smax
        job.relaxation.relaxesCell = !fixCell
        job.relaxation.relaxesPositions = !fixPositions
        job.relaxation.pressure = pressure
        job.relaxation.maximumEvaluations = maxEvaluations
        job.holdsGroup = symmetry == .keep
        job.tolerance = tolerance
        job.checksSaddle = checkSaddle
        if elastic {
            var method = StressStrainMethod()
            method.pressure = pressure
            method.settings.strain = elasticStrain
            job.elasticity = method
        }
        return job
    }
}
