import Foundation

/// What a property should be.
public struct PropertyTarget: Sendable, Hashable {
    /// What is wanted of a value.
    public enum Goal: Sendable, Hashable {
        /// Inside of the range; an end may be infinite.
        case window(ClosedRange<Double>)
        case minimum
        case maximum
    }

    /// Of the predictor: `gap`.
    public var property: String
    /// In the predictor's unit.
    public var goal: Goal
    /// Of its miss beside those of other targets.
    public var weight: Double

    /// A goal for a property, by the predictor's name.
    public init(property: String, goal: Goal, weight: Double = 1) {
        self.property = property
        self.goal = goal
        self.weight = weight
    }

    /// Whether elastic constants answer it as well as a model does.
    package var isOfElasticity: Bool {
        ["bulk-modulus", "shear-modulus", "poisson-ratio"].contains(property)
    }

    /// `2.5±0.2`, `2.5+-0.2`, `<-0.5`, `>10`, `0.8:1.0`, `min`, `max`; with `*2` a weight.
    ///
    /// - `option`: what errors call the place it was typed at.
    public init(_ text: String, property: String, option: String) throws(DesignError) {
        let fail = DesignError.target(text: text, option: option)
        self.property = property
        let parts = text.filter { !$0.isWhitespace }.split(
            separator: "*", maxSplits: 1, omittingEmptySubsequences: false)
        weight = 1
        if parts.count == 2 {
            guard let number = Double(parts[1]), number > 0, number.isFinite else { throw fail }
            weight = number
        }
        let body = String(parts.first ?? "").replacingOccurrences(of: "−", with: "-")
            .replacingOccurrences(of: "+-", with: "±")
        func number(_ text: some StringProtocol) throws(DesignError) -> Double {
            guard let value = Double(text), value.isFinite else { throw fail }
            return value
        }
        if body == "min" {
            goal = .minimum
        } else if body == "max" {
            goal = .maximum
        } else if body.hasPrefix("<") {
            goal = .window(-.infinity...(try number(body.dropFirst())))
        } else if body.hasPrefix(">") {
            goal = .window((try number(body.dropFirst()))...(.infinity))
        } else if let sign = body.firstIndex(of: "±") {
            let (middle, half) = (
                try number(body[..<sign]), try number(body[body.index(after: sign)...])
            )
            guard half > 0 else { throw fail }
            goal = .window((middle - half)...(middle + half))
        } else if let colon = body.firstIndex(of: ":") {
            let (low, high) = (
                try number(body[..<colon]), try number(body[body.index(after: colon)...])
            )
            guard low <= high else {
                throw .impossibleTarget(property: property, reason: "\(low) is above \(high)")
            }
            goal = .window(low...high)
        } else {
            throw fail
        }
    }

    /// 0 where the goal is met; otherwise how far the value is outside of the window, in units of `scale`.
    /// For `minimum` and `maximum` the value itself, signed.
    package func miss(_ value: Double, scale: Double, shrunk: Double = 0) -> (miss: Double, slope: Double) {
        switch goal {
        case .minimum: return (value / scale, 1 / scale)
        case .maximum: return (-value / scale, -1 / scale)
        case .window(let range):
            let width = range.upperBound - range.lowerBound
            let inset = shrunk * (width.isFinite ? width / 2 : scale)
            let (low, high) = (range.lowerBound + inset, range.upperBound - inset)
            if value < low { return ((low - value) / scale, -1 / scale) }
            if value > high { return ((value - high) / scale, 1 / scale) }
            return (0, 0)
        }
    }

    /// To be as small or as large as possible.
    package var isExtreme: Bool { goal == .minimum || goal == .maximum }

    /// Whether the value meets the goal; extremes are always met.
    public func isMet(_ value: Double) -> Bool {
        if case .window(let range) = goal { return range.contains(value) }
        return true
    }

    /// `gap 2.3 to 2.7`
    package var text: String {
        switch goal {
        case .minimum: "\(property) min"
        case .maximum: "\(property) max"
        case .window(let range):
            if range.lowerBound == -.infinity {
                "\(property) < \(range.upperBound)"
            } else if range.upperBound == .infinity {
                "\(property) > \(range.lowerBound)"
            } else {
                "\(property) \(Self.short(range.lowerBound)) to \(Self.short(range.upperBound))"
            }
        }
    }

    /// The same of a cell that is so many times as large.
    package func scaled(by factor: Double) -> PropertyTarget {
        guard case .window(let range) = goal else { return self }
        let scaled = (range.lowerBound * factor)...(range.upperBound * factor)
        return PropertyTarget(property: property, goal: .window(scaled), weight: weight)
    }

    private static func short(_ x: Double) -> String { String(format: "%g", x) }
}

extension PropertyTarget {
    /// The same target for a model of the decimal logarithm: a range in GPa becomes one of log10(GPa).
    ///
    /// - Throws: `DesignError.impossibleTarget` for a range without positive values.
    package func logarithmic() throws(DesignError) -> PropertyTarget {
        guard case .window(let range) = goal else { return self }
        guard range.upperBound > 0 else {
            throw .impossibleTarget(property: property, reason: "a modulus is positive")
        }
        let low = range.lowerBound > 0 ? log10(range.lowerBound) : -.infinity
        let high = range.upperBound == .infinity ? .infinity : log10(range.upperBound)
        return PropertyTarget(property: property, goal: .window(low...high), weight: weight)
    }
}
