using System.Collections;
using Amazon.Runtime;

namespace Deployer.Protocols;

/// <summary>restJson1 (https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html).</summary>
internal sealed class RestJsonProtocol(ServiceModel service) : WireProtocol(service)
{
    private const string Json = "application/json";

    internal override HttpRequestParts WriteRequest(OperationModel operation, object request)
    {
        var labels = new Dictionary<string, string>();
        var query = new List<KeyValuePair<string, string>>();
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in operation.Request.Members)
        {
            if (member.Get(request) is not { } value)
            {
                if (member.Location == HttpLocation.Label)
                {
                    throw new AmazonClientException($"Request object does not have required field {member.Name} set");
                }
                continue;
            }

            switch (member.Location)
            {
                case HttpLocation.Label:
                    labels.Add(member.WireName, ScalarText.Format((ScalarShape)member.Shape, value));
                    break;
                case HttpLocation.Header:
                    headers.Add(member.WireName, ScalarText.Format((ScalarShape)member.Shape, value));
                    break;
                case HttpLocation.Query when member.Shape is ListShape list:
                    foreach (var item in (IList)value)
                    {
                        query.Add(new(member.WireName, ScalarText.Format((ScalarShape)list.Item, item!)));
                    }
                    break;
                case HttpLocation.Query:
                    query.Add(new(member.WireName, ScalarText.Format((ScalarShape)member.Shape, value)));
                    break;
            }
        }

        var body = WriteBody(operation.Request, request, out var contentType);
        if (contentType is not null)
        {
            headers["Content-Type"] = contentType;
        }
        return new(operation.Method, operation.Path, labels, query, headers, body);
    }

    internal override (OperationModel Operation, object Request) ReadRequest(
        string method,
        string path,
        string query,
        IReadOnlyDictionary<string, string> headers,
        ReadOnlyMemory<byte> body
    )
    {
        var segments = Segments(path);
        var operation =
            Service
                .Operations.Where(o =>
                    string.Equals(o.Method, method, StringComparison.OrdinalIgnoreCase) && Matches(Segments(o.Path), segments)
                )
                .MinBy(o => Segments(o.Path).Count(IsLabel))
            ?? throw new ProtocolException("UnknownOperationException", $"The operation {method} {path} is not supported.", 404);
        var request = operation.Request.Create();
        var template = Segments(operation.Path);
        var labels = template
            .Zip(segments)
            .Where(pair => IsLabel(pair.First))
            .ToDictionary(pair => pair.First[1..^1], pair => Uri.UnescapeDataString(pair.Second));
        var parameters = FormText.Parse(query).ToLookup(pair => pair.Key, pair => pair.Value);
        try
        {
            foreach (var member in operation.Request.Members)
            {
                if (member is { Location: HttpLocation.Query, Shape: ListShape list })
                {
                    if (!parameters.Contains(member.WireName))
                    {
                        continue;
                    }
                    var items = list.Create();
                    foreach (var item in parameters[member.WireName])
                    {
                        items.Add(ScalarText.Parse((ScalarShape)list.Item, item));
                    }
                    member.Set(request, items);
                    continue;
                }

                var text = member.Location switch
                {
                    HttpLocation.Label => labels.GetValueOrDefault(member.WireName),
                    HttpLocation.Query => parameters[member.WireName].FirstOrDefault(),
                    HttpLocation.Header => HttpHeaders.Find(headers, member.WireName),
                    _ => null,
                };
                if (text is not null)
                {
                    member.Set(request, ScalarText.Parse((ScalarShape)member.Shape, text));
                }
            }
        }
        catch (Exception fault) when (fault is FormatException or OverflowException)
        {
            throw new ProtocolException("SerializationException", fault.Message, 400, fault);
        }

        ReadBody(operation.Request, request, body, (shape, instance) => JsonDocuments.ReadRequest(body, shape, instance, JsonStyle.Wire));
        return (operation, request);
    }

    internal override HttpAnswer WriteResponse(OperationModel operation, object response, string requestId)
    {
        var headers = HttpHeaders.OfAnswer(Json, requestId);
        var status = operation.Status;
        foreach (var member in operation.Response.Members)
        {
            if (member.Location == HttpLocation.StatusCode && member.Get(response) is int code)
            {
                status = code;
            }
            else if (member.Location == HttpLocation.Header && member.Get(response) is { } value)
            {
                headers[member.WireName] = ScalarText.Format((ScalarShape)member.Shape, value);
            }
        }

        return new HttpAnswer(status, headers, operation.HasOutput ? WriteBody(operation.Response, response, out _) : []);
    }

    internal override string? ReadResponse(OperationModel operation, HttpAnswer answer, object response)
    {
        ReadHead(operation.Response, answer, response);
        ReadBody(
            operation.Response,
            response,
            answer.Body,
            (shape, instance) => JsonDocuments.Read(answer.Body, shape, instance, JsonStyle.Wire)
        );
        return answer.RequestId;
    }

    internal override HttpAnswer WriteError(
        string code,
        string message,
        int status,
        string requestId,
        ErrorModel? error = null,
        AmazonServiceException? details = null
    )
    {
        var headers = HttpHeaders.OfAnswer(Json, requestId);
        headers[JsonErrors.TypeHeader] = code;
        foreach (var member in error?.Shape.Members ?? [])
        {
            if (member.Location == HttpLocation.Header && details is not null && member.Get(details) is { } value)
            {
                headers[member.WireName] = ScalarText.Format((ScalarShape)member.Shape, value);
            }
        }

        return new HttpAnswer(status, headers, JsonErrors.Write(code, message, "Message", error, details));
    }

    internal override ErrorAnswer ReadError(HttpAnswer answer)
    {
        var error = JsonErrors.Read(answer);
        return error with
        {
            ReadMembers = (shape, exception) =>
            {
                ReadHead(shape, answer, exception);
                error.ReadMembers(shape, exception);
            },
        };
    }

    private static void ReadHead(StructureShape shape, HttpAnswer answer, object instance)
    {
        foreach (var member in shape.Members)
        {
            if (member.Location == HttpLocation.StatusCode)
            {
                member.Set(instance, answer.Status);
            }
            else if (member.Location == HttpLocation.Header && answer.Header(member.WireName) is { } text)
            {
                member.Set(instance, ScalarText.Parse((ScalarShape)member.Shape, text));
            }
        }
    }

    private static byte[] WriteBody(StructureShape shape, object value, out string? contentType)
    {
        contentType = null;
        if (shape.Members.FirstOrDefault(m => m.Location == HttpLocation.Payload) is { } payload)
        {
            contentType = "application/octet-stream";
            return payload.Get(value) is MemoryStream stream ? stream.ToArray() : [];
        }

        if (!shape.Members.Any(m => m.Location == HttpLocation.Body))
        {
            return [];
        }
        contentType = Json;
        return JsonDocuments.Write(shape, value, JsonStyle.Wire);
    }

    private static void ReadBody(StructureShape shape, object instance, ReadOnlyMemory<byte> body, Action<StructureShape, object> readJson)
    {
        if (shape.Members.FirstOrDefault(m => m.Location == HttpLocation.Payload) is { } payload)
        {
            payload.Set(instance, new MemoryStream(body.ToArray()));
        }
        else if (shape.Members.Any(m => m.Location == HttpLocation.Body))
        {
            readJson(shape, instance);
        }
    }

    private static string[] Segments(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private static bool IsLabel(string segment) => segment.StartsWith('{');

    private static bool Matches(string[] template, string[] path) =>
        template.Length == path.Length
        && template.Zip(path).All(pair => IsLabel(pair.First) || string.Equals(pair.First, pair.Second, StringComparison.Ordinal));
}
