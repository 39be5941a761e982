import ArgumentParser
import Wyckoff

/// Which records are unique, and which are novel beside a reference.
struct LikenessOptions: ParsableArguments {
    @Flag(help: "Say which records are the same as an earlier one of the set.")
    var unique = false

    @Flag(help: "Say which records are in --reference already.")
    var novel = false

    @Option(help: "A file, folder or set of what is known; may be repeated.", completion: .file())
    var reference: [String] = []

    @OptionGroup var likeness: MatchToleranceOptions

    func validate() throws {
        guard novel == !reference.isEmpty else {
            throw ValidationError(
                novel ? "--novel needs a --reference SET of what is known" : "--reference needs --novel")
        }
    }

    var tolerances: MatchTolerances { likeness.tolerances }
}
