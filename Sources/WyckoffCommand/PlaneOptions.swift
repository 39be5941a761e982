import ArgumentParser
import Jobs
import Wyckoff

/// Two axes of a map and how finely they are sampled.
struct PlaneOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Two parameters: a,c or O1.x,O1.z or, outside the family, a,alpha.", valueName: "x,y"))
    var along: String

    @Option(help: "Points along x and y.")
    var grid = "81x81"

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Where an axis is sampled; may be repeated. (default: lengths ±20 %, angles ±20°, coordinates over a period)",
            valueName: "name=from:to"))
    var range: [String] = []

    @Option(
        help: "keep, or none: every length and angle and atom by itself.",
        completion: .list(["keep", "none"]))
    var symmetry = "keep"

    func validate() throws {
        _ = try names()
        _ = try counts()
        _ = try ranges()
        guard ["keep", "none"].contains(symmetry) else {
            throw ValidationError("--symmetry takes keep or none, not '\(symmetry)'")
        }
    }

    func names() throws -> (String, String) {
        let parts = along.split(separator: ",").map(String.init)
        guard parts.count == 2 else {
            throw ValidationError("--along takes two names such as a,c, not '\(along)'")
        }
        return (parts[0], parts[1])
    }

    func counts() throws -> (Int, Int) {
        let parts = grid.split(separator: "x").map { Int($0) }
        guard parts.count == 2, let x = parts[0], let y = parts[1], (2...2000).contains(x),
            (2...2000).contains(y)
        else { throw ValidationError("--grid takes two numbers from 2 to 2000 such as 81x81, not '\(grid)'") }
        return (x, y)
    }

    /// By the names of `--along`.
    private func ranges() throws -> [String: ClosedRange<Double>] {
        let (x, y) = try names()
        return try ParameterRanges.parse(range, of: [x, y], along: along)
    }

    func plane(of truth: ReducedStructure) throws -> LandscapePlane {
        try LandscapePlane(truth, along: names(), holdsSymmetry: symmetry == "keep")
    }

    func sampling(of plane: LandscapePlane) throws -> PlaneSampling {
        let (counts, ranges, names) = (try counts(), try ranges(), try names())
        var sampling = PlaneSampling(counts.0, counts.1)
        sampling.ranges[plane.x.name] = ranges[names.0]
        sampling.ranges[plane.y.name] = ranges[names.1]
        return sampling
    }
}
