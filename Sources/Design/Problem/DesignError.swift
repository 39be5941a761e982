/// Why a design cannot be started: said before anything runs.
public enum DesignError: Error, Sendable, Hashable, CustomStringConvertible {
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

    public var description: String {
        switch self {
        case .target(let text, let option):
            "\(option) '\(text)' is no target; give 2.5±0.2 (or 2.5+-0.2), <-0.5, >10, 0.8:1.0, min or max, and a "
                + "weight after it where wanted: 2.5±0.2*2"
        case .impossibleTarget(let property, let reason): "the target of \(property) cannot be met: \(reason)"
        case .unknownTemplate(let name):
            "no template is called '\(name)' and no such file can be read; there are "
                + Prototype.all.map(\.name).joined(separator: ", ") + ", or give a structure file"
        case .template(let name, let reason): "template \(name): \(reason)"
        case .noNeutralPattern(let template, let roles):
            "no neutral pattern of oxidation states for \(template) (\(roles)); allow more elements or states"
        case .noElements(let site, let charge):
            "no element is left for site \(site) with charge \(charge); relax --elements, --exclude or --site"
        case .unknownElement(let symbol): "'\(symbol)' is no element that has an oxidation state in the table"
        case .unknownSite(let name, let sites): "the template has no site '\(name)'; it has \(sites)"
        case .subgroup(let name, let group, let choices):
            "'\(name)' is no translationengleiche subgroup of \(group); give group, free or one of \(choices)"
        case .noTarget: "no target is given; state at least one, for example --gap 2.5±0.2"
        case .space(let reason): reason
        }
    }
}
