import Crystallography
import LearnedModels
import Parameterization
import PropertyModels

/// A problem with the predictors that answer it: all that a search sees of crystals.
public struct DesignEvaluator: Sendable {
    /// What is asked.
    public private(set) var problem: DesignProblem
    /// One for each target, and the classifier of metals last where a target needs it.
    public let predictors: [any PropertyPredictor]
    package private(set) var loss: DesignLoss

    /// - Parameters:
    ///   - own: predictors beyond those of the store, by their names.
    /// - Throws: `DesignError` for a target that no crystal or model can meet, `ModelStoreError` for a model that is not
    ///   installed.
    package init(
        _ problem: DesignProblem, predictors own: [any PropertyPredictor] = [],
        store: ModelStore = .standard
    ) throws {
        var predictors: [any PropertyPredictor] = []
        for target in problem.targets {
            let predictor = try Self.predictor(target.property, of: problem, own, store)
            try target.checkPossible(unit: predictor.unit)
            predictors.append(predictor)
        }
        var gate: Int?
        if predictors.contains(where: \.domain.nonMetalsOnly),
            !problem.targets.contains(where: { $0.property == Self.classifier })
        {
            gate = predictors.count
            predictors.append(try Self.predictor(Self.classifier, of: problem, own, store))
        }
        self.problem = problem
        self.predictors = predictors
        loss = DesignLoss(
            targets: problem.targets,
            errors: predictors.prefix(problem.targets.count).map {
                $0.errorKind == "MAE" ? $0.validationError : nil
            }, gate: gate, settings: problem.settings.loss)
    }

    /// Of metals, whose probability gates what was trained on non-metals only.
    private static let classifier = "metal"

    private static func predictor(
        _ name: String, of problem: DesignProblem, _ own: [any PropertyPredictor], _ store: ModelStore
    ) throws -> any PropertyPredictor {
        if let predictor = own.first(where: { $0.name == name }) { return predictor }
        switch name {
        case BondValencePredictor.name:
            return BondValencePredictor(problem.template, problem.patterns)
        case TemplateDisplacement.name: return TemplateDisplacement(problem.space)
        default: return try PropertyModel.named(name).load(from: store)
        }
    }

    /// Every model that a target names, once.
    package var modelNames: [String] { predictors.map(\.name) }

    /// One evaluation of all models is this many calls of the budget.
    package var callsPerEvaluation: Int { predictors.count }

    /// One call of each predictor; a search asks in single precision, a verdict in double.
    ///
    /// - Parameters:
    ///   - mixtures: as in `MixedCrystal`.
    ///   - x: of `problem.space`.
    ///   - neighbours: frozen; nil for those that stand there.
    package func evaluate(
        mixtures: [Double], at x: [Double], neighbours: NeighbourList? = nil, gradient: Bool,
        precision: PredictionPrecision = .single
    ) -> DesignEvaluation {
        let (evaluation, gradients) = evaluated(
            mixtures, problem.space.geometry(at: x), neighbours, gradient: gradient, precision)
        var result = evaluation
        result.gradients = gradients.map { problem.space.gradient($0, at: x) }
        return result
    }

    /// One call of each predictor for elements at a geometry that need not be of the template's space: the cell's angles may have moved.
    ///
    /// - Returns: with the derivatives by shares of elements, where asked for, and without those by variables.
    package func evaluate(
        _ decoration: Decoration, standing structure: ReducedStructure, gradient: Bool,
        precision: PredictionPrecision = .single
    ) -> DesignEvaluation {
        evaluated(
            MixedCrystal.mixtures(of: decoration.elements), CrystalGeometry(structure), nil,
            gradient: gradient, precision
        ).evaluation
    }

    private func evaluated(
        _ mixtures: [Double], _ geometry: CrystalGeometry, _ neighbours: NeighbourList?, gradient: Bool,
        _ precision: PredictionPrecision
    ) -> (evaluation: DesignEvaluation, gradients: [PropertyGradient]) {
        let list = neighbours ?? NeighbourList(geometry, ties: .symmetric)
        let crystal = MixedCrystal(geometry: geometry, mixtures: mixtures, neighbours: list)
        let results = predictors.map { $0.evaluate(crystal, gradient: gradient, precision: precision) }
        let values = results.map(\.value)
        let gradients = results.compactMap(\.gradient)
        return (
            DesignEvaluation(
                values: values, loss: loss.evaluate(values).loss, isMet: loss.isMet(values),
                mixtureGradients: gradients.map(\.mixtures)),
            gradients
        )
    }

    /// One call of each predictor for a decorated template.
    package func evaluate(
        _ decoration: Decoration, at x: [Double], gradient: Bool, precision: PredictionPrecision = .single
    ) -> DesignEvaluation {
        evaluate(
            mixtures: MixedCrystal.mixtures(of: decoration.elements), at: x, gradient: gradient,
            precision: precision)
    }

    /// What the predictors say of a crystal outside of the template; nil of those that know the template's sites only.
    package func answers(on structure: ReducedStructure) throws -> [Double?] {
        let crystal = MixedCrystal(
            geometry: CrystalGeometry(structure), elements: structure.orbits.compactMap(\.element),
            ties: .symmetric)
        return predictors.map { predictor in
            predictor is BondValencePredictor || predictor is TemplateDisplacement
                ? nil : predictor.evaluate(crystal, gradient: false).value
        }
    }

    /// Whether answers meet every target that has one, and the gate.
    ///
    /// - Parameter moments: µB, of the atoms of a least energy.
    package func areMet(_ answers: [Double?], moments: [Double]) -> Bool {
        zip(problem.targets, answers).allSatisfy { target, value in value.map(target.isMet) ?? true }
            && loss.gate.map { (answers[$0] ?? 0) < loss.settings.metal } ?? true
            && problem.meetsMoment(moments)
    }

    /// The predicted values after one exchange of elements, to first order.
    package func linearised(
        _ values: [Double], _ evaluation: DesignEvaluation, orbit: Int, from old: Element, to new: Element
    ) -> [Double] {
        zip(values, evaluation.mixtureGradients).map {
            $0 + $1[MixedCrystal.index(orbit, new)] - $1[MixedCrystal.index(orbit, old)]
        }
    }

    /// The same predictors with the extremes' weights multiplied.
    package func weighted(_ weights: [Double]) -> DesignEvaluator {
        var result = self
        result.problem = problem.weighted(weights)
        result.loss = loss.reweighted(result.problem.targets)
        return result
    }
}

extension PropertyTarget {
    /// What the physics or the model can give, by property.
    private static let possible: [String: ClosedRange<Double>] = [
        "gap": 0...20, "metal": 0...1, "formation-energy": -10...10, "bulk-modulus": -1...3.2,
        "shear-modulus": -1...3.2, "poisson-ratio": -1...0.5, BondValencePredictor.name: 2e-3...20,
        TemplateDisplacement.name: 2e-3...20,
    ]

    /// - Throws: `DesignError.impossibleTarget` for a window outside of what the physics or the model can ever give.
    fileprivate func checkPossible(unit: String) throws(DesignError) {
        guard case .window(let range) = goal, let possible = Self.possible[property],
            !range.overlaps(possible)
        else { return }
        throw .impossibleTarget(
            property: property,
            reason: "\(text) is outside of \(possible.lowerBound) to \(possible.upperBound) \(unit)")
    }
}

extension DesignEvaluator {
    /// Answers a problem with the predictors that are given and, for other properties, with installed models.
    ///
    /// - Throws: `DesignError` or an error of one line where a property has no predictor or a model is not installed.
    public init(_ problem: DesignProblem, predictors: [any PropertyPredictor] = []) throws {
        try self.init(problem, predictors: predictors, store: .standard)
    }
}
