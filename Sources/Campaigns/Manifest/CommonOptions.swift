/// Options that are typed once for all tasks.
struct CommonOptions {
    /// Name without dashes, value; of a flag `true`.
    private(set) var pairs: [(option: String, value: String)] = []

    /// - Parameter words: as they are typed: `--fmax 0.05 --fix-cell`.
    init(_ words: [String], _ grammars: [CarriedCommand: CommandGrammar]) throws {
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("-"), word.count > 1 else {
                throw CampaignError(
                    nil, "'\(word)' after -- is no option", remedy: "files are named before --")
            }
            let parts = word.drop { $0 == "-" }.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false
            ).map(String.init)
            let name = parts[0]
            let known = grammars.values.compactMap { $0.option(named: name) }
            guard let option = known.first else {
                throw CampaignError(
                    nil, "no command has the option --\(name)", remedy: "see the commands' --help")
            }
            if option.isFlag {
                pairs.append((option.names[0], "true"))
            } else if parts.count == 2 {
                pairs.append((option.names[0], parts[1]))
            } else if let value = rest.popFirst() {
                pairs.append((option.names[0], value))
            } else {
                throw CampaignError(nil, "--\(name) has no value", remedy: "give one")
            }
        }
    }

    /// An option that none of the commands has.
    func unused(
        by commands: Set<CarriedCommand>, _ grammars: [CarriedCommand: CommandGrammar]
    ) -> String? {
        pairs.first { pair in
            !commands.contains { grammars[$0]?.option(named: pair.option) != nil }
        }?.option
    }
}
