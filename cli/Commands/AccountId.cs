using Deployer.Cli.Output;

namespace Deployer.Cli.Commands;

/// <summary>Ids of AWS accounts that a person gives.</summary>
/// <remarks>https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html</remarks>
internal static class AccountId
{
    /// <summary>Refuses at once what is no account, before anything is asked, read or called.</summary>
    /// <param name="given">What was given; <see langword="null"/> for nothing.</param>
    /// <param name="what">Where it was given, such as <c>--account</c>.</param>
    /// <returns>The account.</returns>
    /// <exception cref="InvalidInputException">It is no id of an account.</exception>
    public static string? Check(string? given, string what) =>
        given is not null && ProblemOf(given, what) is { } problem ? throw new InvalidInputException("OptionsInvalid", problem) : given;

    /// <summary>What is wrong with an account, a sentence; <see langword="null"/> where nothing is.</summary>
    /// <param name="given">What was given.</param>
    /// <param name="what">Where it was given.</param>
    public static string? ProblemOf(string given, string what) =>
        given.Length == 12 && given.All(char.IsAsciiDigit) ? null : $"{what} is '{given}', which is no account; expected 12 digits";
}
