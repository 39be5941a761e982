import ExplainedErrors

/// Why a design cannot be started: said before anything runs.
public enum DesignError: ExplainedError, Hashable {
    case target(text: String, option: String)
    case impossibleTarget(property: String, reason: String)
    case unknownTemplate(String)
    case template(name: String, reason: String)
    case noNeutralPattern(template: String, roles: String)
    case noElements(site: String, charge: Int)
    case unknownElement(String)
    case unknownSite(name: String, sites: String)
    case subgroup(name: String, group: String, choices: String)
    case noTarget
    case space(String)

    /// What went wrong, where, and what to do: the parts of the one line.
    public var explanation: Explanation {
        switch self {
        case .target(let text, let option):
            Explanation(
                "\(option) '\(text)' is no target",
                remedy: "give 2.5±0.2 (or 2.5+-0.2), <-0.5, >10, 0.8:1.0, min or max, and a weight after it "
                    + "where wanted: 2.5±0.2*2")
        case .impossibleTarget(let property, let reason):
            Explanation("the target of \(property) cannot be met: \(reason)")
        case .unknownTemplate(let name):
            Explanation(
                "no template is called '\(name)' and no such file can be read",
                remedy: "there are " + Prototype.all.map(\.name).joined(separator: ", ")
                    + ", or give a structure file")
        case .template(let name, let reason):
            Explanation("template \(name): \(reason)")
        case .noNeutralPattern(let template, let roles):
            Explanation(
                "no neutral pattern of oxidation states for \(template) (\(roles))",
                remedy: "allow more elements or states")
        case .noElements(let site, let charge):
            Explanation(
                "no element is left for site \(site) with charge \(charge)",
                remedy: "relax --elements, --exclude or --site")
        case .unknownElement(let symbol):
            Explanation(
                "'\(symbol)' is no element that has an oxidation state in the table",
                remedy: "give others; of metals --neutrality off asks no states")
        case .unknownSite(let name, let sites):
            Explanation("the template has no site '\(name)'", remedy: "it has \(sites)")
        case .subgroup(let name, let group, let choices):
            Explanation(
                "'\(name)' is no translationengleiche subgroup of \(group)",
                remedy: "give group, free or one of \(choices)")
        case .noTarget:
            Explanation("no target is given", remedy: "state at least one, for example --gap 2.5±0.2")
        case .space(let reason):
            Explanation(reason)
        }
    }
}
