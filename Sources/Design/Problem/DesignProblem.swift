import Crystallography
import NumericalMethods

/// What is to be designed: a template, the elements that may stand on its sites, the neutral patterns of oxidation
/// states, and what is asked of a candidate. Plain data; a `DesignEvaluator` has the predictors that judge it.
public struct DesignProblem: Sendable {
    /// What is asked, beside the template.
    public struct Options: Sendable {
        /// Nil for every element with an oxidation state.
        public var elements: Set<Element>?
        /// Elements that stand nowhere.
        public var excluded: Set<Element> = []
        /// For sites by name: what may stand there.
        public var sites: [String: Set<Element>] = [:]
        /// At least one.
        public var targets: [PropertyTarget] = []
        /// Of the magnetic moment, µB a cell: the sizes of CHGNet's moments added. Asked where its energy is least and nowhere else: it is a
        /// potential's answer, not a predictor's. A window; nil for any.
        public var magneticMoment: PropertyTarget?
        /// Which one `toleranceRange` bounds.
        package var toleranceFactor: ToleranceFactor = .goldschmidt
        /// Only where the template is a perovskite.
        public var toleranceRange: ClosedRange<Double>?
        /// Largest τ of Bartel et al. beside the tolerance factor, perovskites only; nil for none.
        public var largestTau: Double?
        /// Of the octahedral factor, the radius of B over that of X; perovskites only, nil for none.
        public var octahedralRange: ClosedRange<Double>?
        /// Whether every candidate has to be neutral by oxidation states; without, any element may stand on any site: metals and
        /// intermetallic compounds.
        public var asksCharges = true
        /// Å.
        public var minimumDistance = 0.5
        /// The cell's lengths stay within this part of those at which the ions touch; nil for the template's bounds.
        public var ionicWindow: Double?
        /// Conditions that need no predictor.
        public var constraints: [any DesignConstraint] = []
        /// How candidates are looked for and judged.
        package var settings = DesignSettings()

        /// Nothing asked and nothing forbidden.
        public init() {}

        /// The elements that may stand on a role's sites whatever their charge, by atomic number.
        fileprivate func allowed(_ role: DesignTemplate.Role) -> [Element] {
            ChargePattern.unchargedElements.filter {
                elements?.contains($0) != false && !excluded.contains($0)
                    && sites[role.name]?.contains($0) != false
            }.sorted()
        }

        /// The elements that may stand on a role's sites in an oxidation state, by atomic number.
        fileprivate func allowed(_ role: DesignTemplate.Role, _ charge: Int) -> [Element] {
            Ion.all.filter { ion in
                ion.charge == charge && (!role.needsRadius || ion.radius != nil)
                    && elements?.contains(ion.element) != false && !excluded.contains(ion.element)
                    && sites[role.name]?.contains(ion.element) != false
            }.map(\.element).sorted()
        }
    }

    /// The structure type that is filled.
    public let template: DesignTemplate
    /// The variables beside the elements.
    package let space: DesignSpace
    /// Neutral, each with an element for every role.
    package let patterns: [ChargePattern]
    /// At least one; their order is that of the predictors.
    public internal(set) var targets: [PropertyTarget]
    /// Asked where the potential's energy is least; nil for any.
    package let magneticMoment: PropertyTarget?
    /// Which tolerance factor `toleranceRange` bounds.
    package let toleranceKind: ToleranceFactor
    /// Of the tolerance factor; nil where any will do.
    package let toleranceRange: ClosedRange<Double>?
    /// Of Bartel et al., beside the range; nil for none.
    package let largestTau: Double?
    /// Of the octahedral factor, beside the others; nil for none.
    package let octahedralRange: ClosedRange<Double>?
    /// Conditions that need no predictor.
    package let constraints: [any DesignConstraint]
    /// Whether a candidate has to be neutral by oxidation states.
    package let asksCharges: Bool
    /// Å.
    package let minimumDistance: Double
    /// Part of the lengths at which ions touch that the cell may differ by; nil for the template's bounds.
    package let ionicWindow: Double?
    let contacts: [IonicContact]
    /// How candidates are looked for and judged.
    package let settings: DesignSettings

    /// - Throws: `DesignError` for what cannot be met, before anything runs.
    public init(_ template: DesignTemplate, _ options: Options) throws(DesignError) {
        guard !options.targets.isEmpty else { throw .noTarget }
        for name in options.sites.keys where !template.roles.contains(where: { $0.name == name }) {
            throw .unknownSite(name: name, sites: template.roles.map(\.name).joined(separator: ", "))
        }
        if options.toleranceRange != nil || options.largestTau != nil || options.octahedralRange != nil,
            !template.isPerovskite
        {
            throw .impossibleTarget(
                property: "tolerance factor", reason: "the template \(template.name) is no perovskite")
        }
        self.template = template
        space = DesignSpace(template)
        asksCharges = options.asksCharges
        patterns =
            options.asksCharges
            ? try ChargePattern.all(of: template, allowed: options.allowed)
            : [try ChargePattern.uncharged(template, allowed: options.allowed)]
        targets = options.targets
        magneticMoment = options.magneticMoment
        toleranceKind = options.toleranceFactor
        toleranceRange = options.toleranceRange
        largestTau = options.largestTau
        octahedralRange = options.octahedralRange
        constraints = options.constraints
        minimumDistance = options.minimumDistance
        ionicWindow = options.ionicWindow
        settings = options.settings
        contacts = IonicContact.all(of: template)
        try checkAdmitted()
    }

    /// The orbit's elements to choose from in a pattern, by atomic number.
    package func choices(_ pattern: Int, _ orbit: Int) -> [Element] {
        patterns[pattern].elements[template.roleOfOrbit[orbit]]
    }

    /// Radius in Å of an element in a pattern's role; the covalent radius where the table has none, and 1 Å where
    /// there is none either.
    func radius(_ element: Element, role: Int, pattern: Int) -> Double {
        Ion.of(element, charge: patterns[pattern].charges[role])?.radius ?? element.covalentRadius ?? 1
    }

    /// The template's cell as full of moments as a least energy is: µB; nil where the potential tells none.
    ///
    /// - Parameter moments: µB, of the atoms of any cell of it.
    package func magneticMoment(of moments: [Double]) -> Double? {
        guard !moments.isEmpty else { return nil }
        return moments.reduce(0, +) / Double(moments.count) * space.multiplicities.reduce(0, +)
    }

    /// Whether the moments at a least energy are as asked; a potential that tells none meets no target.
    func meetsMoment(_ moments: [Double]) -> Bool {
        guard let magneticMoment else { return true }
        return self.magneticMoment(of: moments).map(magneticMoment.isMet) ?? false
    }

    /// Targets that are to be as small or as large as possible, by their index.
    package var extremes: [Int] { targets.indices.filter { targets[$0].isExtreme } }

    /// The same problem with the extremes' weights multiplied.
    package func weighted(_ weights: [Double]) -> DesignProblem {
        var result = self
        for (goal, weight) in zip(extremes, weights) { result.targets[goal].weight *= weight }
        return result
    }
}

// MARK: What a composition must meet

extension DesignProblem {
    /// Atoms of each element in the cell.
    func atoms(_ decoration: Decoration) -> [Element: Int] {
        var result: [Element: Int] = [:]
        for (orbit, element) in decoration.elements.enumerated() {
            result[element, default: 0] += Int(space.multiplicities[orbit])
        }
        return result
    }

    /// What makes two decorations the same composition.
    package func composition(_ decoration: Decoration) -> SiteComposition {
        var roles = [[Element: Int]](repeating: [:], count: template.roles.count)
        for (orbit, element) in decoration.elements.enumerated() {
            roles[template.roleOfOrbit[orbit]][element, default: 0] += Int(space.multiplicities[orbit])
        }
        return SiteComposition(roles: roles)
    }

    /// Whether elements are worth solving for: tolerance factor and constraints.
    package func admits(_ decoration: Decoration) -> Bool {
        guard meetsTolerance(decoration), isChemical(decoration) else { return false }
        guard !constraints.isEmpty else { return true }
        let atoms = atoms(decoration)
        return constraints.allSatisfy { $0.admits(atoms) }
    }

    /// Neutral by integers: an oxidation state of the table for every orbit with sum zero, for any size; nil where
    /// there is none. Empty where charges are not asked for.
    package func proveNeutrality(_ decoration: Decoration) -> [Int]? {
        guard asksCharges else { return [] }
        let elements = decoration.elements
        let groups = elements.enumerated().map { orbit, element in
            Neutrality.Group(
                multiplicity: Int(space.multiplicities[orbit]), charges: Ion.of(element).map(\.charge))
        }
        // The template's own pattern first: the states that the masks gave.
        for pattern in patterns {
            let fits = elements.enumerated().allSatisfy { orbit, element in
                pattern.elements[template.roleOfOrbit[orbit]].contains(element)
            }
            guard fits else { continue }
            let charges = elements.indices.map { pattern.charges[template.roleOfOrbit[$0]] }
            let sum = zip(charges, groups).reduce(0) { $0 + $1.0 * $1.1.multiplicity }
            if sum == 0 { return charges }
        }
        return Neutrality(groups).assignment
    }
}
