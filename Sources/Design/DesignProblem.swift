import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import PropertyModels

/// What is to be designed: a template, the elements that may stand on its sites, the neutral patterns of oxidation
/// states, the targets and the predictors that judge them.
public struct DesignProblem: Sendable {
    /// An orbit's choices in a pattern.
    public struct Pattern: Sendable, Hashable {
        /// Oxidation state of each role.
        public let charges: [Int]
        /// The elements allowed for each role, `atomic number − 1`, ascending; never empty.
        public let elements: [[Int]]
    }

    public struct Options: Sendable {
        /// Nil for every element with an oxidation state.
        public var elements: Set<Element>?
        public var excluded: Set<Element> = []
        /// For sites by name: what may stand there.
        public var sites: [String: Set<Element>] = [:]
        public var targets: [PropertyTarget] = []
        public var toleranceFactor: ToleranceFactor = .goldschmidt
        /// Only where the template is a perovskite.
        public var toleranceRange: ClosedRange<Double>?
        /// Largest τ of Bartel et al. beside the tolerance factor, perovskites only; nil for none.
        public var largestTau: Double?
        /// Å.
        public var minimumDistance = 0.5
        /// The cell's lengths stay within this part of those at which the ions touch; nil for the template's bounds.
        public var ionicWindow: Double?
        /// Conditions that need no predictor.
        public var constraints: [any DesignConstraint] = []
        /// Predictors beyond those of the store, by name.
        public var predictors: [any PropertyPredictor] = []

        public init() {}
    }

    public let template: DesignTemplate
    public let space: DesignSpace
    public let patterns: [Pattern]
    public internal(set) var targets: [PropertyTarget]
    /// One for each target, and the classifier of metals last where a target needs it.
    public let predictors: [any PropertyPredictor]
    /// Index of the classifier that gates the band gap; nil where no target needs it.
    public let gate: Int?
    public let toleranceKind: ToleranceFactor
    public let toleranceRange: ClosedRange<Double>?
    public let largestTau: Double?
    public let constraints: [any DesignConstraint]
    public let minimumDistance: Double
    public let ionicWindow: Double?
    /// Contacts of opposite charge at the template's coordinates: orbit pairs and their distance (Å).
    private let contacts: [(first: Int, second: Int, distance: Double)]

    /// - Throws: `DesignError` for what cannot be met, before anything runs; `ModelStoreError` for a model that is
    ///   not installed.
    public init(_ template: DesignTemplate, _ options: Options) throws {
        self.template = template
        space = DesignSpace(template)
        guard !options.targets.isEmpty else { throw DesignError.noTarget }
        for name in options.sites.keys where !template.roles.contains(where: { $0.name == name }) {
            throw DesignError.unknownSite(
                name: name, sites: template.roles.map(\.name).joined(separator: ", "))
        }
        toleranceKind = options.toleranceFactor
        toleranceRange = template.isPerovskite ? options.toleranceRange : nil
        largestTau = options.largestTau
        if options.toleranceRange != nil || options.largestTau != nil, !template.isPerovskite {
            throw DesignError.impossibleTarget(
                property: "tolerance factor", reason: "the template \(template.name) is no perovskite")
        }
        constraints = options.constraints
        minimumDistance = options.minimumDistance
        ionicWindow = options.ionicWindow
        targets = options.targets
        let allowed = try Self.patterns(template, options)
        patterns = allowed
        var predictors: [any PropertyPredictor] = []
        for target in targets {
            let predictor: any PropertyPredictor
            if let own = options.predictors.first(where: { $0.name == target.property }) {
                predictor = own
            } else if target.property == BondValencePredictor.name {
                predictor = BondValencePredictor(template, allowed)
            } else if target.property == TemplateDisplacement.name {
                predictor = TemplateDisplacement(space)
            } else {
                predictor = try PropertyModel.named(target.property).load()
            }
            try Self.check(target, of: predictor)
            predictors.append(predictor)
        }
        if let metal = targets.firstIndex(where: { $0.property == "metal" }) {
            gate = metal
        } else if predictors.contains(where: \.domain.nonMetalsOnly) {
            gate = predictors.count
            predictors.append(try PropertyModel.named("metal").load())
        } else {
            gate = nil
        }
        self.predictors = predictors
        contacts = Self.contacts(template)
        try checkAdmitted()
    }

    /// Few compositions are all looked at: whether the tolerance factor and the constraints leave any.
    private func checkAdmitted() throws(DesignError) {
        guard toleranceRange != nil || largestTau != nil || !constraints.isEmpty else { return }
        var sizes = 0.0
        for pattern in patterns.indices {
            sizes += (0..<space.orbitCount).reduce(1.0) { $0 * Double(choices(pattern, $1).count) }
        }
        guard sizes <= 20_000 else { return }
        let all = try ExhaustiveSearch.compositions(self)
        guard !all.contains(where: { admits($0.elements, pattern: $0.pattern) }) else { return }
        let conditions =
            (toleranceRange.map { ["tolerance factor \($0.lowerBound) to \($0.upperBound)"] } ?? [])
            + (largestTau.map { ["τ below \($0)"] } ?? []) + constraints.map(\.name)
        throw .impossibleTarget(
            property: "the composition",
            reason:
                "none of the \(all.count) neutral compositions meets \(conditions.joined(separator: ", "))")
    }

    /// What the physics or the model can never give.
    private static func check(_ target: PropertyTarget, of predictor: any PropertyPredictor)
        throws(DesignError)
    {
        guard case .window(let range) = target.goal else { return }
        let possible: ClosedRange<Double>
        switch target.property {
        case "gap": possible = 0...20
        case "metal": possible = 0...1
        case "formation-energy": possible = -10...10
        case "bulk-modulus", "shear-modulus": possible = -1...3.2
        case "poisson-ratio": possible = -1...0.5
        case BondValencePredictor.name, TemplateDisplacement.name: possible = 2e-3...20
        default: return
        }
        guard range.overlaps(possible) else {
            throw .impossibleTarget(
                property: target.property,
                reason:
                    "\(target.text) is outside of \(possible.lowerBound) to \(possible.upperBound) \(predictor.unit)"
            )
        }
    }

    private static func patterns(_ template: DesignTemplate, _ options: Options) throws -> [Pattern] {
        func elements(_ role: DesignTemplate.Role, _ charge: Int) -> [Int] {
            Ion.all.filter { ion in
                ion.charge == charge && (!role.needsRadius || ion.radius != nil)
                    && options.elements?.contains(ion.element) != false
                    && !options.excluded.contains(ion.element)
                    && options.sites[role.name]?.contains(ion.element) != false
            }.map { $0.element.atomicNumber - 1 }.sorted()
        }
        let sizes = template.roles.indices.map { role in
            template.structure.atoms.filter { template.roleOfOrbit[$0.orbit] == role }.count
        }
        let all = Neutrality(
            zip(template.roles, sizes).map { Neutrality.Group(multiplicity: $1, charges: $0.charges) })
        let possible = all.assignments()
        guard !possible.isEmpty else {
            throw DesignError.noNeutralPattern(
                template: template.name,
                roles: template.roles.map { "\($0.name) \($0.charges)" }.joined(separator: ", "))
        }
        let filled = possible.compactMap { charges -> Pattern? in
            let sets = zip(template.roles, charges).map { elements($0, $1) }
            return sets.contains(where: \.isEmpty) ? nil : Pattern(charges: charges, elements: sets)
        }
        if filled.isEmpty {
            for charges in possible {
                for (role, charge) in zip(template.roles, charges) where elements(role, charge).isEmpty {
                    throw DesignError.noElements(site: role.name, charge: charge)
                }
            }
        }
        return filled
    }

    private static func contacts(_ template: DesignTemplate) -> [(first: Int, second: Int, distance: Double)]
    {
        let geometry = CrystalGeometry(template.structure)
        let list = NeighbourList(template.structure, ties: .symmetric)
        var result: [(first: Int, second: Int, distance: Double)] = []
        for entry in list.entries where entry.atom >= 0 {
            let other = geometry.orbits[Int(entry.atom)]
            let target = Int(entry.target)
            guard template.roleOfOrbit[other] != template.roleOfOrbit[target] else { continue }
            let difference =
                geometry.positions[Int(entry.atom)] + SIMD3<Double>(entry.cell)
                - geometry.positions[geometry.representatives[target]]
            result.append((target, other, geometry.lattice.length(difference)))
        }
        return result
    }

    /// Every model that a target names, once.
    public var modelNames: [String] { predictors.map(\.name) }

    /// The orbits' elements to choose from in a pattern.
    public func choices(_ pattern: Int, _ orbit: Int) -> [Int] {
        patterns[pattern].elements[template.roleOfOrbit[orbit]]
    }

    /// Radius in Å of an element in a pattern's role; the covalent radius where the table has none.
    func radius(_ element: Int, role: Int, pattern: Int) -> Double {
        guard let e = Element(atomicNumber: element + 1) else { return 1 }
        return Ion.of(e, charge: patterns[pattern].charges[role])?.radius ?? e.covalentRadius ?? 1
    }

    /// Of the mean radii of the roles; nil where the template has none.
    public func toleranceFactor(_ elements: [Int], pattern: Int) -> Double? {
        toleranceFactor(elements, pattern: pattern, kind: toleranceKind)
    }

    private func toleranceFactor(_ elements: [Int], pattern: Int, kind: ToleranceFactor) -> Double? {
        guard template.isPerovskite else { return nil }
        var sums = [Double](repeating: 0, count: 3)
        var counts = [Double](repeating: 0, count: 3)
        for (orbit, element) in elements.enumerated() {
            let role = template.roleOfOrbit[orbit]
            sums[role] += space.multiplicities[orbit] * radius(element, role: role, pattern: pattern)
            counts[role] += space.multiplicities[orbit]
        }
        return kind.value(
            a: sums[0] / counts[0], b: sums[1] / counts[1], x: sums[2] / counts[2],
            charge: Double(patterns[pattern].charges[0]))
    }

    public func meetsTolerance(_ elements: [Int], pattern: Int) -> Bool {
        if let largestTau {
            // Not defined, and no perovskite, where A is no larger than B.
            guard let tau = toleranceFactor(elements, pattern: pattern, kind: .bartel), tau < largestTau
            else { return false }
        }
        guard let range = toleranceRange else { return true }
        return toleranceFactor(elements, pattern: pattern).map(range.contains) ?? false
    }

    /// Whether elements are worth solving for: tolerance factor and constraints.
    public func admits(_ elements: [Int], pattern: Int) -> Bool {
        guard meetsTolerance(elements, pattern: pattern) else { return false }
        guard !constraints.isEmpty else { return true }
        var composition: [Element: Int] = [:]
        for (orbit, element) in elements.enumerated() {
            guard let element = Element(atomicNumber: element + 1) else { return false }
            composition[element, default: 0] += Int(space.multiplicities[orbit])
        }
        return constraints.allSatisfy { $0.admits(composition) }
    }

    /// Variables with the template's coordinates and the cell in which ions of opposite charge touch, on the mean of
    /// the closest contact of each orbit.
    public func ionicStart(_ elements: [Int], pattern: Int) -> [Double] {
        let charges = patterns[pattern].charges
        var factors = [Double](repeating: .infinity, count: elements.count)
        for contact in contacts {
            let (i, j) = (template.roleOfOrbit[contact.first], template.roleOfOrbit[contact.second])
            guard charges[i] * charges[j] < 0 else { continue }
            let sum =
                radius(elements[contact.first], role: i, pattern: pattern)
                + radius(elements[contact.second], role: j, pattern: pattern)
            // The cell that this contact asks for, as a factor of the template's: the closest contact decides.
            factors[contact.first] = min(factors[contact.first], contact.distance / sum)
        }
        let cations = factors.indices.filter { charges[template.roleOfOrbit[$0]] > 0 && factors[$0].isFinite }
        guard !cations.isEmpty else { return space.start }
        let weight = cations.reduce(0) { $0 + space.multiplicities[$1] }
        let mean = cations.reduce(0) { $0 + space.multiplicities[$1] / factors[$1] } / weight
        return space.scaled(space.start, by: mean)
    }

    /// Where the variables of a decorated template may go.
    public func bounds(_ decoration: Decoration) -> [ClosedRange<Double>] {
        guard let ionicWindow else { return space.bounds }
        let ionic = ionicStart(decoration.elements, pattern: decoration.pattern)
        return space.bounds.indices.map { k in
            guard space.isLength[k] else { return space.bounds[k] }
            let low = max(space.bounds[k].lowerBound, ionic[k] * (1 - ionicWindow))
            return low...max(low, min(space.bounds[k].upperBound, ionic[k] * (1 + ionicWindow)))
        }
    }

    /// Neutral by integers: an oxidation state of the table for every orbit with sum zero, for any size.
    public func proveNeutrality(_ elements: [Int]) -> [Int]? {
        let groups = elements.enumerated().map { orbit, element in
            Neutrality.Group(
                multiplicity: Int(space.multiplicities[orbit]),
                charges: Element(atomicNumber: element + 1).map { Ion.of($0).map(\.charge) } ?? [])
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
