import ArgumentParser
import Wyckoff

/// The texture that a recovery or a solution looks for.
struct OrientationOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Looks for March–Dollase texture when the structure is found, along every direction of low indices, and h,k,l of the result's axes beside them, of several patterns in the first; taken where the pattern asks for it decisively. Searches know no texture: a strong one hides the structure. (default: none; solve without --potential: march)",
            valueName: "none|march[:h,k,l]"), completion: .list(["none", "march"]))
    var texture: String?

    func validate() throws { _ = try question() }

    /// - Parameter potential: whether energies decide.
    func check(potential: String?) throws {
        guard texture == nil || texture == "none" || potential == nil else {
            throw ValidationError(
                "--texture goes without --potential: what energies choose among is refined without texture")
        }
    }

    /// - Parameter usual: where nothing is said.
    func question(usual: OrientationQuestion? = nil) throws -> OrientationQuestion? {
        guard let texture else { return usual }
        if texture == "none" { return nil }
        if texture == "march" { return OrientationQuestion() }
        let parts = texture.split(separator: ":", maxSplits: 1).map(String.init)
        let indices = parts.last?.split(separator: ",").map { Int($0) } ?? []
        guard parts.count == 2, parts[0] == "march", indices.count == 3, indices.contains(where: { $0 != 0 }),
            indices.allSatisfy({ abs($0 ?? .max) <= 20 })
        else {
            throw ValidationError(
                "--texture takes none, march or march:h,k,l such as march:1,0,4, not '\(texture)'")
        }
        return OrientationQuestion(
            plane: SIMD3(indices[0] ?? 0, indices[1] ?? 0, indices[2] ?? 0))
    }
}
