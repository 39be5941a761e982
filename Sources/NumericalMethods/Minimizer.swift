import CNLopt
import ExplainedErrors

/// Local minimisation of a function of many variables, over NLopt.
package struct Minimizer: Sendable {
    package enum Method: Sendable, Hashable, CaseIterable {
        /// Limited-memory BFGS (Nocedal; Lukšan): needs the gradient, keeps simple bounds.
        case lbfgs
        /// Sequential quadratic programming (Kraft): needs the gradient; for up to ~100 variables.
        case slsqp
        /// Subplex (Rowan): values only.
        case sbplx
        /// Nelder–Mead simplex: values only.
        case nelderMead
        /// DIRECT-L (Gablonsky & Kelley): global, values only, needs finite bounds.
        case directL

        var usesGradient: Bool { self == .lbfgs || self == .slsqp }

        fileprivate var code: nlopt_algorithm {
            switch self {
            case .lbfgs: NLOPT_LD_LBFGS
            case .slsqp: NLOPT_LD_SLSQP
            case .sbplx: NLOPT_LN_SBPLX
            case .nelderMead: NLOPT_LN_NELDERMEAD
            case .directL: NLOPT_GN_DIRECT_L
            }
        }
    }

    package enum Outcome: Sendable, Hashable {
        /// Value or step became small enough, or the value fell below `stopValue`.
        case converged
        case evaluationLimit
        /// Rounding kept it from going on; the result is usually good.
        case roundoff
        /// NLopt gave up (its code); the result is the best point seen.
        case failed(Int)
    }

    package struct Result: Sendable {
        package var parameters: [Double]
        package var value: Double
        package var evaluations: Int
        package var outcome: Outcome
    }

    package var method: Method
    /// One range a variable, infinite ends allowed; nil for none.
    package var bounds: [ClosedRange<Double>]?
    package var relativeValueTolerance = 1e-12
    package var relativeStepTolerance = 1e-10
    package var absoluteStepTolerance = 0.0
    package var maximumEvaluations = 10_000
    /// Stops as soon as the value is at most this.
    package var stopValue: Double?
    /// First step of the methods without gradient, one a variable.
    package var initialStep: [Double]?

    package init(_ method: Method, bounds: [ClosedRange<Double>]? = nil) {
        self.method = method
        self.bounds = bounds
    }

    /// Minimises `objective` from `start`.
    ///
    /// - Parameter objective: returns the value at `x`; fills `gradient` (of `x`'s count) where it is not
    ///   empty. A thrown error ends the run and is passed on.
    package func minimize(
        from start: [Double], _ objective: (_ x: [Double], _ gradient: inout [Double]) throws -> Double
    ) throws -> Result {
        guard !start.isEmpty else {
            var none: [Double] = []
            return Result(
                parameters: [], value: try objective([], &none), evaluations: 1, outcome: .converged)
        }
        guard let optimizer = nlopt_create(method.code, UInt32(start.count)) else {
            throw MinimizerError.notCreated
        }
        defer { nlopt_destroy(optimizer) }
        var x = start
        if let bounds {
            guard bounds.count == start.count else { throw MinimizerError.bounds(bounds.count, start.count) }
            nlopt_set_lower_bounds(optimizer, bounds.map(\.lowerBound))
            nlopt_set_upper_bounds(optimizer, bounds.map(\.upperBound))
            for i in x.indices { x[i] = min(max(x[i], bounds[i].lowerBound), bounds[i].upperBound) }
        }
        nlopt_set_ftol_rel(optimizer, relativeValueTolerance)
        nlopt_set_xtol_rel(optimizer, relativeStepTolerance)
        if absoluteStepTolerance > 0 { nlopt_set_xtol_abs1(optimizer, absoluteStepTolerance) }
        nlopt_set_maxeval(optimizer, Int32(clamping: maximumEvaluations))
        if let stopValue { nlopt_set_stopval(optimizer, stopValue) }
        if let initialStep { nlopt_set_initial_step(optimizer, initialStep) }

        return try withoutActuallyEscaping(objective) { objective in
            let call = Call(objective, optimizer: optimizer, count: start.count)
            let pointer = Unmanaged.passUnretained(call).toOpaque()
            nlopt_set_min_objective(
                optimizer,
                { n, x, gradient, data in
                    guard let x, let data else { return .infinity }
                    return Unmanaged<Call>.fromOpaque(data).takeUnretainedValue().evaluate(
                        Int(n), x, gradient)
                }, pointer)
            var value = Double.nan
            let code = withExtendedLifetime(call) { nlopt_optimize(optimizer, &x, &value) }
            if let error = call.error { throw error }
            // NLopt's last point can be worse than the best one when a line search fails.
            if call.bestValue < value || value.isNaN { (x, value) = (call.best, call.bestValue) }
            return Result(
                parameters: x, value: value, evaluations: call.evaluations, outcome: Self.outcome(code))
        }
    }

    private static func outcome(_ code: nlopt_result) -> Outcome {
        switch code {
        case NLOPT_SUCCESS, NLOPT_STOPVAL_REACHED, NLOPT_FTOL_REACHED, NLOPT_XTOL_REACHED: .converged
        case NLOPT_MAXEVAL_REACHED, NLOPT_MAXTIME_REACHED: .evaluationLimit
        case NLOPT_ROUNDOFF_LIMITED: .roundoff
        default: .failed(Int(code.rawValue))
        }
    }
}

package enum MinimizerError: ExplainedError, Hashable {
    case notCreated
    case bounds(Int, Int)

    /// What went wrong, where, and what to do: the parts of the one line.
    package var explanation: Explanation {
        switch self {
        case .notCreated:
            Explanation("NLopt could not be started (out of memory)")
        case .bounds(let given, let needed):
            Explanation("\(given) bounds for \(needed) variables")
        }
    }
}

/// Carries the Swift closure through NLopt's `void *`.
private final class Call {
    let objective: ([Double], inout [Double]) throws -> Double
    let optimizer: nlopt_opt
    var x: [Double]
    var gradient: [Double]
    var best: [Double] = []
    var bestValue = Double.infinity
    var evaluations = 0
    var error: (any Error)?

    init(
        _ objective: @escaping ([Double], inout [Double]) throws -> Double, optimizer: nlopt_opt, count: Int
    ) {
        self.objective = objective
        self.optimizer = optimizer
        x = [Double](repeating: 0, count: count)
        gradient = x
        best = x
    }

    func evaluate(_ n: Int, _ point: UnsafePointer<Double>, _ slope: UnsafeMutablePointer<Double>?) -> Double
    {
        evaluations += 1
        for i in 0..<n { x[i] = point[i] }
        do {
            var value: Double
            if let slope {
                value = try objective(x, &gradient)
                for i in 0..<n { slope[i] = gradient[i] }
            } else {
                var none: [Double] = []
                value = try objective(x, &none)
            }
            if value.isNaN { value = .infinity }
            if value < bestValue {
                bestValue = value
                best = x
            }
            return value
        } catch {
            self.error = error
            nlopt_force_stop(optimizer)
            return .infinity
        }
    }
}
