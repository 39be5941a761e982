/// What more freedom must gain to be preferred: one per cent of R for each parameter.
enum ParameterPenalty {
    static func score(_ r: Double, parameters: Int) -> Double { r * (1 + 0.01 * Double(parameters)) }
}
