namespace Deployer.Rehearsal.CloudFormation.Rules;

/// <summary>A value of a resource that its service refuses, which no schema says.</summary>
/// <param name="Path">The names, and places in lists, that lead to the value; the first one is a property.</param>
/// <param name="Problem">What is wrong, to follow the value's place: <c>is 70000</c>.</param>
/// <param name="Expected">What the service takes.</param>
/// <param name="Code">The service's error code.</param>
/// <param name="Message">The service's words.</param>
internal sealed record RefusedValue(string[] Path, string Problem, string Expected, string Code, string Message);
