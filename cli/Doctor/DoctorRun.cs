using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Amazon.S3;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Functions;
using Deployer.Functions.Checks;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;

namespace Deployer.Cli.Doctor;

/// <summary>
/// Has the deployer's own function check what a deployment needs, since nobody else may assume its roles, and asks it again until what
/// takes its time has ended.
/// </summary>
/// <param name="tools">The deployer's account.</param>
/// <param name="stage">The deployer's stage.</param>
/// <param name="service">The service and its target.</param>
/// <param name="pause">Waits before it asks again.</param>
/// <param name="begun">Gets the names of the checks that take their time.</param>
internal sealed class DoctorRun(
    AccountClients tools,
    string stage,
    ServiceAtTarget service,
    Func<CancellationToken, Task> pause,
    Action<IReadOnlyList<string>> begun
)
{
    /// <summary>The service's folder as the command line names it; <see langword="null"/> where no command line does.</summary>
    public string? Folder { get; init; }

    /// <summary>The function.</summary>
    private string Function => $"deployer-{stage}-Check";

    /// <summary>Runs the checks to their end.</summary>
    /// <exception cref="InvalidInputException">There is no such function, or it takes no such service.</exception>
    public async Task<DoctorReport> Run(CancellationToken cancellation)
    {
        var source = await Upload(cancellation);
        using var lambda = tools.OpenLambda();
        var input = new CheckInput(
            service.Spec.Service,
            service.Target.Name,
            source,
            Folder: Folder is null ? null : ShellWords.Join([Folder])
        );
        var answer = await Ask(lambda, input, cancellation);
        var results = new List<CheckResult>(answer.Results);
        var waited = Stopwatch.StartNew();
        var shown = 0;
        while (answer.Begun.Waiting.Count > 0)
        {
            if (shown != answer.Begun.Waiting.Count)
            {
                shown = answer.Begun.Waiting.Count;
                begun([.. answer.Begun.Waiting.Select(waiting => waiting.Check)]);
            }

            await pause(cancellation);
            var givenUp = answer
                .Begun.Waiting.Where(waiting => waited.Elapsed > TimeSpan.FromSeconds(waiting.Patience))
                .Select(waiting => waiting.Check);
            answer = await Ask(lambda, input with { Source = null, Begun = answer.Begun, GivenUp = [.. givenUp] }, cancellation);
            results.AddRange(answer.Results);
        }

        return new DoctorReport(service.Spec.Service, service.Target.Name, service.Target.Account, service.Target.Region, stage, results);
    }

    private async Task<SourceObject> Upload(CancellationToken cancellation)
    {
        try
        {
            return await SourceUpload.Upload(tools, tools.Deployer(stage).Bucket, service.Folder, cancellation);
        }
        catch (AmazonS3Exception missing) when (missing.ErrorCode == "NoSuchBucket")
        {
            throw NotInstalled(missing);
        }
    }

    private InvalidInputException NotInstalled(Exception missing) =>
        new(
            "DoctorNotInstalled",
            $"account {tools.Account} has no deployer of stage '{stage}' with a function {Function}; "
                + $"make or update it: deployer bootstrap tools --stage {stage}",
            missing
        );

    private async Task<CheckAnswer> Ask(IAmazonLambda lambda, CheckInput input, CancellationToken cancellation)
    {
        InvokeResponse answer;
        try
        {
            answer = await lambda.InvokeAsync(
                new InvokeRequest { FunctionName = Function, Payload = JsonSerializer.Serialize(input, Payloads.Default.CheckInput) },
                cancellation
            );
        }
        catch (ResourceNotFoundException missing)
        {
            throw NotInstalled(missing);
        }

        using var reader = new StreamReader(answer.Payload, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(cancellation);
        return answer.FunctionError is null ? JsonSerializer.Deserialize(text, Payloads.Default.CheckAnswer)! : throw Refused(text);
    }

    /// <summary>What the function threw: https://docs.aws.amazon.com/lambda/latest/dg/csharp-exceptions.html.</summary>
    private static Exception Refused(string payload)
    {
        using var document = JsonDocument.Parse(payload);
        var error = Text("errorType") ?? "Unhandled";
        var message = Text("errorMessage") ?? payload;
        return error == "SpecInvalidException"
            ? new InvalidInputException(error, message)
            : new InvalidOperationException($"the function that checks failed: {error}: {message}");

        string? Text(string member) => document.RootElement.TryGetProperty(member, out var value) ? value.GetString() : null;
    }
}
