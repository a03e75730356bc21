using Deployer.JavaPatterns;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>A value against its declaration. A <c>ConstraintDescription</c> takes the place of the reason.</summary>
internal static class ParameterChecks
{
    public static void Check(ParameterDeclaration declaration, string value)
    {
        var items = declaration.IsList ? value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [value];
        foreach (var item in items)
        {
            if (Reason(declaration, item) is { } reason)
            {
                throw new TemplateException(
                    declaration.ConstraintDescription is { } described
                        ? $"Parameter {declaration.Name} failed to satisfy constraint: {described}"
                        : $"Parameter '{declaration.Name}' {reason}"
                );
            }
        }
    }

    private static string? Reason(ParameterDeclaration declaration, string value)
    {
        if (declaration.IsNumeric)
        {
            if (!decimal.TryParse(value, out var number))
            {
                return "must be a number";
            }

            if (number < declaration.MinValue)
            {
                return $"must be a number not less than {declaration.MinValue}";
            }

            if (number > declaration.MaxValue)
            {
                return $"must be a number not greater than {declaration.MaxValue}";
            }
        }
        else if (value.Length < declaration.MinLength)
        {
            return $"must contain at least {declaration.MinLength} characters";
        }
        else if (value.Length > declaration.MaxLength)
        {
            return $"must contain at most {declaration.MaxLength} characters";
        }

        return declaration.AllowedValues is { } allowed && !allowed.Contains(value) ? "must be one of AllowedValues"
            : declaration.AllowedPattern is { } pattern && !Matches(declaration.Name, pattern, value) ? $"must match pattern {pattern}"
            : null;
    }

    // What cannot be judged here is taken: AWS may take it, and the validation of the service reports that it was not checked.
    private static bool Matches(string parameter, string pattern, string value) =>
        JavaPattern.Matches(pattern, value, out _)
        ?? (
            JavaPattern.Translate(pattern) is { IsInvalid: true, Reason: { } reason }
                ? throw new TemplateException($"Template format error: AllowedPattern of parameter {parameter}: {reason}")
                : true
        );
}
