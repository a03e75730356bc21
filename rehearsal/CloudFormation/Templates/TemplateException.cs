namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>A template, or the values given to it, is refused. The message is worded as CloudFormation words it
/// (the answer's code is then <c>ValidationError</c>).</summary>
public sealed class TemplateException(string message)
    : Exception(message.Replace(KnownAfterApply.Text, "(known after apply)", StringComparison.Ordinal));
