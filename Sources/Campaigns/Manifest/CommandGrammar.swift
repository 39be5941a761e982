/// What a command takes, as far as a manifest has to know it.
package struct CommandGrammar: Sendable, Hashable {
    package struct Option: Sendable, Hashable {
        /// Without dashes; the long ones first.
        package var names: [String]
        package var isFlag: Bool
        package var isRepeating: Bool

        package init(names: [String], isFlag: Bool, isRepeating: Bool) {
            (self.names, self.isFlag, self.isRepeating) = (names, isFlag, isRepeating)
        }
    }

    package var options: [Option]
    /// What an option is where it is not given, by its first name.
    package var defaults: [String: String]

    package init(options: [Option], defaults: [String: String] = [:]) {
        (self.options, self.defaults) = (options, defaults)
    }

    /// - Parameter name: without dashes, long or short.
    func option(named name: String) -> Option? { options.first { $0.names.contains(name) } }
}
